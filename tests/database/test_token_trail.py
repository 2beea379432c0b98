"""Tokens of the API in the audit trail: made, revoked, and changed by nobody unseen."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dean06.api import tokens
from dean06.cli.app import app
from dean06.errors import WarehouseError
from dean06.trail import chain
from dean06.warehouse import transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib.loading import rows
from tests.lib.trail import tried


@pytest.mark.usefixtures("warehouse")
def test_tokens_of_the_api_are_in_the_trace_and_no_secret_is(heads: Path) -> None:
    """From the command that makes one to the one that revokes it: who, which rights, until when."""
    made = CliRunner().invoke(app, ["api-token", "Sở Y tế", "--scope", "revisions", "--days", "30"])
    token = made.stdout.strip()
    ((number,),) = rows("select token_id from ops.api_token")
    assert CliRunner().invoke(app, ["revoke-api-token", str(number)]).exit_code == 0
    noted = rows(
        """select body, noted_by from ops.audit_note inner join ops.audit_link using (note_id)
           where kind = 'api_token' order by entry_no"""
    )
    bodies = [json.loads(body) for body, _ in noted]
    assert {by for _, by in noted} == {"dean06_owner"}
    assert [each["revoked_at"] is not None for each in bodies] == [False, True]
    assert {(each["name"], *each["scopes"], each["made_by"]) for each in bodies} == {
        ("Sở Y tế", "revisions", "dean06_owner")
    }
    stored = hashlib.sha256(token.encode())
    assert {each["digest"] for each in bodies} == {hashlib.sha256(stored.digest()).hexdigest()}
    assert chain.verify()[1] == []
    whole = "\n".join(
        [
            *(text for (text,) in rows("select it::text from ops.audit_note as it")),
            *(text for (text,) in rows("select it::text from ops.api_token as it")),
            *(path.read_text() for path in heads.glob("*.json")),
        ]
    )
    assert len(token) == 50
    assert token.removeprefix("dean06_") not in whole
    assert stored.hexdigest() not in "\n".join(body for body, _ in noted)


@pytest.mark.usefixtures("heads", "warehouse")
def test_standard_output_has_the_token_alone_though_the_command_logs() -> None:
    """The first act makes the key of the chain, which the log says: a script reads the token."""
    made = subprocess.run(
        [sys.executable, "-m", "dean06", "api-token", "Sở Y tế"],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        },
        capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert re.fullmatch(r"dean06_[\w-]{43}\n", made.stdout), made.stderr
    assert "created the key of the audit trail" in made.stderr


@pytest.fixture
def superuser(cluster: Cluster, warehouse: str) -> Iterator[None]:
    """Has dean06 use the warehouse of the test as PostgreSQL's superuser."""
    with pointed_at(cluster.server.url(name_of(warehouse))):
        yield


@pytest.mark.usefixtures("heads", "superuser")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("digest = sha256('mine')", "api_token 1: changed"),
        ("expires_at = expires_at + interval '9 years'", "api_token 1: changed"),
        ("revoked_at = null", "api_token 1: changed"),
    ],
    ids=["another token", "longer", "valid again"],
)
def test_a_token_that_was_changed_is_found(change: str, told: str) -> None:
    tokens.revoke(tokens.make("Sở Y tế", ["values"], 30, 60)[0])
    assert tried() == []
    assert tried(f"update ops.api_token set {change}") == [told]


@pytest.mark.usefixtures("heads", "warehouse")
def test_the_service_makes_and_revokes_tokens_and_changes_nothing_else_of_them() -> None:
    number, _, _ = tokens.make("Sở Y tế", ["values"], 30, 60)
    for statement in (
        "update ops.api_token set scopes = '{values,proofs}'",
        "update ops.api_token set digest = sha256('mine')",
        "update ops.api_token set expires_at = expires_at + interval '1 year'",
        """insert into ops.api_token (name, digest, scopes, per_minute, expires_at, made_by)
           values ('x', sha256('x'), '{values}', 1, now() + interval '1 day', 'somebody else')""",
        "delete from ops.api_token",
    ):
        with pytest.raises(WarehouseError, match="42501"), transaction() as session:
            session.run(statement)
    chain.seal()
    assert chain.verify()[1] == []
    # A token that was revoked and is valid again: the row's own notes contradict each other.
    tokens.revoke(number)
    with transaction() as session:
        session.run("update ops.api_token set revoked_at = null")
    assert chain.verify()[1] == [f"api_token {number}: recorded twice with different content"]
    with pytest.raises(WarehouseError, match="55000"), transaction(role="") as session:
        session.run("delete from ops.api_token")
