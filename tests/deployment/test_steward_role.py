"""Who is a steward, and who releases KPIs, under Airflow's FAB auth manager, which servers use."""

import os
import subprocess
import sys

import pytest
from tests.conftest import Cluster

_PROGRAM = """
from airflow.utils import db
db.initdb()
from airflow.api_fastapi.app import create_auth_manager
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from dean06.ui import steward_role
from dean06.ui.airflow_login import reader_of

steward_role.make()
steward_role.make()
manager = create_auth_manager()
with get_application_builder() as builder:
    sm = builder.sm
    for name, roles in (
        ("viewer", ["Viewer"]), ("engineer", ["User"]), ("operator", ["Op"]),
        ("lan", ["Viewer", steward_role.ROLE]),
        ("minh", ["Viewer", steward_role.RELEASER_ROLE]),
    ):
        found = [sm.find_role(role) for role in roles]
        user = sm.add_user(name, name, name, f"{name}@example.vn", found, password="x")
        reader = reader_of(user)
        print(name, reader.name, reader.is_steward, reader.is_releaser)
    print(sorted(str(p) for p in sm.find_role(steward_role.ROLE).permissions))
"""


@pytest.mark.campaign
def test_only_the_roles_of_dean06_make_stewards_and_releasers(cluster: Cluster) -> None:
    environment = {
        **os.environ,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": cluster.database(),
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
        ),
        "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-this-test-of-roles-0123456789abcdef",
        "AIRFLOW__API__SECRET_KEY": "only-for-this-test",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _PROGRAM],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = [line.split() for line in done.stdout.splitlines() if line.endswith(("True", "False"))]
    assert [(line[0], line[-2], line[-1]) for line in told] == [
        ("viewer", "False", "False"), ("engineer", "False", "False"),
        ("operator", "False", "False"), ("lan", "True", "False"), ("minh", "False", "True"),
    ]  # fmt: skip
    assert "dean06_quarantine_payload" in done.stdout
