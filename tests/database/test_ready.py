"""A warehouse without tables, or with those of an earlier version, is named in one sentence with
the command that mends it, whichever command met it."""

import logging
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from dean06 import contract
from dean06.cli import scaffold
from dean06.cli.app import app
from dean06.schema import migrations
from tests.conftest import Cluster, pointed_at
from tests.lib.made import as_owner, run

LAST = len(migrations.steps())
RANGE = ("--from", "2022-10-30", "--to", "2022-10-31")
COMMANDS = [
    ("report", "--day", "2022-10-31"), ("summary", "--day", "2022-10-31"), ("summary",),
    ("quarantine", "--day", "2022-10-31"), ("digest",), ("build-kpis",), ("verify-identities",),
    ("backfill", "--source", "programme", *RANGE, "--dry-run"),
    ("backfill", "--source", "programme", *RANGE), ("keep-house", "--dry-run"),
    ("agency-lists",), ("corrections",), ("held-builds",), ("verify-kpis",), ("verify-audit",),
    ("lineage",), ("reconcile",), ("closed-periods",), ("sign-publications",), ("api-tokens",),
]  # fmt: skip


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[None]:
    with pointed_at(cluster.database()):
        yield


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """A command has its process to itself, and turns lines off for good."""
    paramiko = logging.getLogger("paramiko")
    level = paramiko.level
    yield
    logging.disable(logging.NOTSET)
    paramiko.setLevel(level)


def said_by(*command: str) -> list[str]:
    done = CliRunner().invoke(app, list(command))
    assert done.exit_code == 1, done.output
    return [line for line in done.stderr.splitlines() if line.startswith("dean06: ")]


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_warehouse_without_tables_is_named(command: tuple[str, ...]) -> None:
    assert said_by(*command) == [
        "dean06: the warehouse has no tables yet: run `python -m dean06 migrate` (or `make run`)"
    ]


@pytest.mark.usefixtures("warehouse")
def test_a_warehouse_of_an_earlier_version_is_named_with_both_numbers() -> None:
    run(
        f"delete from ops.applied_migration where number = {LAST}",
        "alter table ops.load rename column cause to reason",
    )
    (said,) = said_by("report", "--day", "2022-10-31")
    assert said == (
        f"dean06: the warehouse is behind: version {LAST - 1} of {LAST}; run `python -m dean06 "
        "migrate` (or `make run`)"
    )


@pytest.mark.usefixtures("warehouse")
def test_a_warehouse_of_a_later_version_is_named_with_both_numbers() -> None:
    run(
        f"insert into ops.applied_migration (number, name) values ({LAST + 1}, 'next')",
        "alter table ops.load rename column cause to reason",
    )
    (said,) = said_by("report", "--day", "2022-10-31")
    assert f"is at version {LAST + 1}, this program knows {LAST}" in said


@pytest.mark.usefixtures("warehouse")
def test_a_source_without_a_table_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """As after ``new-source`` and before the first ``migrate``."""
    land = contract.parse(scaffold.contract_text("land", "csv", "land_record"), "land.yaml")
    real, known = contract.load, [*contract.datasets(), *land.datasets]
    monkeypatch.setattr(contract, "datasets", lambda: known)
    monkeypatch.setattr(contract, "load", lambda key: land if key == "land" else real(key))
    assert said_by("backfill", "--source", "land", *RANGE, "--dry-run") == [
        "dean06: the warehouse has no table of land.land_record yet: run `python -m dean06 migrate`"
    ]


@pytest.mark.usefixtures("warehouse")
def test_a_view_that_is_gone_is_named() -> None:
    run("drop view mart.kpi_status cascade")
    run("delete from ops.applied_relation where relation_name = 'mart.kpi_status'")
    (said,) = said_by("report", "--day", "2022-10-31")
    assert "the views and functions of the warehouse are of another version" in said


@pytest.mark.usefixtures("warehouse")
def test_another_error_of_a_warehouse_that_has_everything_stays_itself() -> None:
    run("alter table ops.load rename column cause to reason")
    (said,) = said_by("report", "--day", "2022-10-31")
    assert "42703" in said
    assert as_owner("select count(*) from ops.load") == [(0,)]
