"""SQL files say what they are: every header is there, and names what the text reads and writes."""

import re
from pathlib import Path

import pytest

from dean06 import settings
from tests.unit.sql_text import CATALOGUE, FIELDS, done, header, mentioned, said

FILES = [
    path
    for path in sorted(settings.SQL.rglob("*.sql"))
    # KPI families open with front matter; they are held to it by tests of definitions.
    if path.parent != settings.SQL / "mart" / "kpi"
]
WITH_BODIES = [path for path in FILES if "$$" in path.read_text(encoding="utf-8")]
"""Functions and blocks: sqlglot reads no PL/pgSQL."""
FUNCTIONS = {
    f"{path.parent.name}.{path.stem}"
    for path in WITH_BODIES
    if path.parent.name in ("core", "ops", "mart")
}


def name(path: Path) -> str:
    return str(path.relative_to(settings.SQL))


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_header_has_its_fields_in_order(path: Path) -> None:
    fields = header(path.read_text(encoding="utf-8"))
    assert tuple(fields) == FIELDS
    assert all(text.endswith(".") for text in fields.values())


@pytest.mark.parametrize("path", [p for p in FILES if p not in WITH_BODIES], ids=name)
def test_a_header_names_what_the_text_reads_and_writes(path: Path) -> None:
    fields = header(path.read_text(encoding="utf-8"))
    uses = done(path)
    reads = {CATALOGUE if each.startswith("pg_") else each for each in said(fields["Reads"])}
    assert (reads, said(fields["Writes"])) == (uses.reads, uses.writes)


@pytest.mark.parametrize("path", WITH_BODIES, ids=name)
def test_a_header_names_what_the_body_mentions(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fields = header(text)
    names = said(fields["Reads"]) | said(fields["Writes"], attached=True)
    ours = {each for each in names if re.match(r"(core|ops|mart)\.", each)}
    own = {f"{path.parent.name}.{path.stem}"} & FUNCTIONS
    assert ours == (mentioned(text) - FUNCTIONS) | own


def test_what_sqlglot_reads_is_not_little(tmp_path: Path) -> None:
    file = tmp_path / "some.sql"
    file.write_text("""
        create temporary table met on commit drop as
        with a as (select from ops.load)
        select 1 from a join {core} on true where exists (select from mart.kpi_value);
        insert into ops.purge (what) select 1 from unnest(array[1]) as u join pg_class on true;
        update ops.alert set x = 1 from met;
        delete from ops.watchdog using ops.replay
    """)
    uses = done(file)
    assert uses.reads == {
        "ops.load", "the core table", "mart.kpi_value", CATALOGUE, "met", "ops.replay",
    }  # fmt: skip
    assert uses.writes == {"met", "ops.purge", "ops.alert", "ops.watchdog"}


def test_remarks_and_attached_objects_are_told_from_names() -> None:
    field = "ops.one, two (of this build, not three); triggers of ops.four, ops.five."
    assert said(field) == {"ops.one", "two"}
    assert said(field, attached=True) == {"ops.one", "two", "ops.four", "ops.five"}
    assert said("nothing (three, where chosen names it).") == frozenset()
