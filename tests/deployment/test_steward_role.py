"""Who is a steward, and who releases KPIs, under Airflow's FAB auth manager, which servers use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import Cluster

from dean06.provinces import files

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


_OF_TWO = """
from airflow.utils import db
db.initdb()
from airflow.api_fastapi.app import create_auth_manager
from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder
from fastapi import HTTPException
from dean06.provinces import current
from dean06.ui import airflow_login, steward_role

steward_role.make()
manager = create_auth_manager()

def seen(user):
    try:
        airflow_login._require_province(user)
    except HTTPException as refused:
        return str(refused.status_code)
    reader = airflow_login.reader_of(user)
    return "steward" if reader.is_steward else "releaser" if reader.is_releaser else "reader"

with get_application_builder() as builder:
    sm = builder.sm
    for role in ("reader", "steward", "releaser", "nobody"):
        names = ["Viewer"] if role == "nobody" else ["Viewer", f"dean06_{role}_long_an"]
        found = [sm.find_role(name) for name in names]
        user = sm.add_user(role, role, role, f"{role}@example.vn", found, password="x")
        for key in current.all_keys():
            with current.acting(key):
                print("SEEN", role, key, seen(user))
"""


def _done(cluster: Cluster, program: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": cluster.database(),
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
        ),
        "AIRFLOW__API_AUTH__JWT_SECRET": "only-for-this-test-of-roles-0123456789abcdef",
        "AIRFLOW__API__SECRET_KEY": "only-for-this-test",
        "PYTHONPATH": os.pathsep.join(sys.path),
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return done


@pytest.mark.campaign
def test_only_the_roles_of_dean06_make_stewards_and_releasers(cluster: Cluster) -> None:
    done = _done(cluster, _PROGRAM)
    told = [line.split() for line in done.stdout.splitlines() if line.endswith(("True", "False"))]
    assert [(line[0], line[-2], line[-1]) for line in told] == [
        ("viewer", "False", "False"), ("engineer", "False", "False"),
        ("operator", "False", "False"), ("lan", "True", "False"), ("minh", "False", "True"),
    ]  # fmt: skip
    assert "dean06_quarantine_payload" in done.stdout


@pytest.mark.campaign
def test_roles_of_a_province_open_its_pages_only(cluster: Cluster, tmp_path: Path) -> None:
    for key, code in (("binh_phuoc", "70"), ("long_an", "80")):
        dsn = f"postgresql+psycopg2://nobody@127.0.0.1:1/{key}"
        entry = files.Entry(key, code, dsn, str(tmp_path / key))
        (tmp_path / f"{key}.yaml").write_text(files.text_of(entry), encoding="utf-8")
    done = _done(cluster, _OF_TWO, DEAN06_PROVINCES=str(tmp_path))
    found = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("SEEN")]
    assert found == [
        [role, key, role if key == "long_an" and role != "nobody" else "403"]
        for role in ("reader", "steward", "releaser", "nobody")
        for key in ("binh_phuoc", "long_an")
    ]
