"""``make psql``: a person's way into the warehouse reads, writes nothing, and needs no more."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from dean06 import settings
from onebox import sql_shell
from onebox.installation import sql_of
from tests.conftest import Cluster, name_of
from tests.lib.loading import load_police, resident

DAY = "2022-10-31"


def test_the_login_reads_core_and_writes_nothing(
    cluster: Cluster, warehouse: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_police("one", DAY, [resident()])
    monkeypatch.setattr(sql_shell, "DATABASE", name_of(warehouse))
    for password in ("first", "second"):
        sql_shell.give_login(cluster.server, password, sql_of("audit/limit_readers"))
    program = sql_shell.program(cluster.server)
    assert program is not None

    def ask(statement: str) -> tuple[int, str]:
        address = f"host=127.0.0.1 port={cluster.server.port} dbname={name_of(warehouse)}"
        done = subprocess.run(
            [program, f"{address} user={sql_shell.LOGIN}", "-tAc", statement],
            env={**os.environ, "PGPASSWORD": "second"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, (done.stdout + done.stderr).strip()

    assert ask("select count(*) from core.police__resident") == (0, "1")
    for write in ("delete from core.police__resident", "create table ops.mine (i int)"):
        code, said = ask(f"set transaction read write; {write}")
        assert (code, "permission denied" in said) == (1, True), said
    assert "read-only" in ask("create temporary table mine (i int)")[1]


@pytest.mark.parametrize(("page", "login"), [("how-to.md", "nga"), ("how-to.vi.md", "lan")])
def test_a_login_of_a_person_is_made_as_documented(
    cluster: Cluster, warehouse: str, page: str, login: str
) -> None:
    text = (settings.PROJECT / "docs" / page).read_text(encoding="utf-8")
    (command,) = re.findall(rf"^psql .*create role {login} .*$", text, flags=re.M)
    words = shlex.split(command)
    assert {"-p", "5460"} < set(words)
    here = {"5460": str(cluster.server.port), "dean06": name_of(warehouse)}
    program = sql_shell.program(cluster.server)
    assert program is not None
    try:
        made = _psql(
            [program, *(here.get(word, word) for word in words[1:])], cluster.server.password
        )
        assert made.returncode == 0, made.stderr
        address = f"host=127.0.0.1 port={cluster.server.port} dbname={name_of(warehouse)}"
        read = "select count(*) from mart.kpi_now"
        assert _psql([program, f"{address} user={login}", "-tAc", read], "quiet").stdout == "0\n"
        refused = _psql([program, f"{address} user={login}", "-tAc", read], "other")
        assert "password authentication failed" in refused.stderr
    finally:
        cluster.server.execute(f"drop role if exists {login}")


def _psql(command: list[str], password: str) -> subprocess.CompletedProcess[str]:
    """Run without a terminal: psql reads the new password, twice, from its input."""
    return subprocess.run(
        command, input="quiet\nquiet\n", cwd=settings.PROJECT, start_new_session=True,
        env={**os.environ, "PGPASSWORD": password}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_without_psql_the_way_in_is_printed_without_the_password(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sql_shell, "program", lambda _: None)
    monkeypatch.setenv("LANG", "C.UTF-8")
    sql_shell.open_shell(cluster.server, "hush", Path(".dean06/secrets.json"))
    said = capsys.readouterr().out
    assert f"port {cluster.server.port}, database dean06, user engineer" in said
    assert ".dean06/secrets.json" in said
    assert "hush" not in said
