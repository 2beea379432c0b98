"""Whose name a command signs with: the login's, whatever is typed."""

import inspect
import os

import pytest
from typer.testing import CliRunner

from dean06.cli import decisions
from dean06.cli.app import app
from dean06.cli.person import person
from dean06.errors import Dean06Error
from dean06.warehouse import transaction
from tests.conftest import Cluster, pointed_at

pytestmark = pytest.mark.usefixtures("warehouse")


def test_a_login_of_ones_own_is_the_name(cluster: Cluster, warehouse: str) -> None:
    with transaction(role="") as session:
        session.run("create role lan_clerk login password 'only-on-this-machine'")
        session.run("grant dean06_loader to lan_clerk")
    name = warehouse.rsplit("/", 1)[1]
    try:
        with pointed_at(
            f"postgresql+psycopg2://lan_clerk:only-on-this-machine@127.0.0.1:{cluster.server.port}/{name}"
        ):
            assert person() == "db:lan_clerk"
    finally:  # roles belong to the server: they outlive the test's warehouse
        with transaction(role="") as session:
            session.run("drop role lan_clerk")


def test_an_account_without_a_name_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 54_321)
    with pytest.raises(Dean06Error, match="account 54321 has no user name"):
        person()


@pytest.mark.parametrize(
    "command", ["release-build", "reject-build", "replay", "approve-replay", "decline-replay"]
)
def test_no_command_takes_a_name(command: str) -> None:
    arguments = [] if command == "replay" else ["1"]
    refused = CliRunner().invoke(app, [command, *arguments, "--why", "theo hồ sơ", "--by", "minh"])
    assert refused.exit_code == 2
    assert "No such option" in refused.output
    function = getattr(decisions, command.replace("-", "_"))
    assert "by" not in inspect.signature(function).parameters
