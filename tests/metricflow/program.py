"""A real MetricFlow from PyPI, in an environment of its own, as an analyst would run it."""

import csv
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import yaml
from sqlalchemy import URL

from dean06.reports.semantic_model import NAME
from tests.lib.own_environment import installed

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
Rows = list[dict[str, str]]


class MetricFlow:
    """The programs, a project and a login of the warehouse."""

    def __init__(self, cache: Path, project: Path, login: URL) -> None:
        self._programs, self._project = installed(cache / "metricflow", REQUIREMENTS), project
        target = {
            "type": "postgres", "host": login.host, "port": login.port, "user": login.username,
            "password": login.password, "dbname": login.database, "schema": "mart", "threads": 1,
        }  # fmt: skip
        profile = {NAME: {"target": "mart", "outputs": {"mart": target}}}
        (project / "profiles.yml").write_text(yaml.safe_dump(profile))

    def validate(self) -> str:
        """Parse the project and check the semantic model; returns what was said."""
        return self._run("dbt", "parse") + self._run("mf", "validate-configs", "--skip-dw")

    def query(self, metrics: Sequence[str], group_by: Sequence[str] = ()) -> Rows:
        """The answer to a question, as text."""
        out = self._project / "answer.csv"
        words = ["--metrics", ",".join(metrics), "--csv", str(out)]
        if group_by:
            words += ["--group-by", ",".join(group_by)]
        self._run("mf", "query", *words)
        with out.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def _run(self, program: str, *words: str) -> str:
        done = subprocess.run(
            [self._programs / program, *words],
            cwd=self._project, capture_output=True, text=True, check=False,
            env={
                "PATH": f"{self._programs}:{os.environ['PATH']}", "HOME": str(self._project),
                "DBT_PROFILES_DIR": str(self._project), "DO_NOT_TRACK": "1", "LANG": "C.UTF-8",
            },
        )  # fmt: skip
        said = f"{done.stdout}{done.stderr}"
        assert done.returncode == 0, f"{program} {words[0]}: {said[-3000:]}"
        return said
