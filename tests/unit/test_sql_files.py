"""SQL files say what they are: every header is there, and names what the text reads and writes."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dean06 import settings
from tests.lib.sql_text import CATALOGUE, FIELDS, done, header, mentioned, said

FILES = [
    path
    for path in sorted(settings.SQL.rglob("*.sql"))
    # KPI families open with front matter; they are held to it by tests of definitions.
    if path.parent != settings.SQL / "mart" / "kpi"
]
LONGEST = 6
"""Lines of SQL that a program may hold: longer statements are files, where sqlfluff sees them."""
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


def long_statements(path: Path) -> Iterator[str]:
    """Where a program holds a statement of SQL that is longer than it may be."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
            is_sql = re.match(r"\s*(select|insert|update|delete|create|with)\s", text)
            if is_sql and len(text.strip().splitlines()) > LONGEST:
                yield f"{path.name}:{node.lineno}"


def test_a_statement_of_more_than_a_few_lines_has_a_file() -> None:
    programs = sorted((settings.PROJECT / "plugins").rglob("*.py"))
    assert [place for path in programs for place in long_statements(path)] == []


def test_a_long_statement_is_seen(tmp_path: Path) -> None:
    short, long = ("\n".join(["select a"] * lines) for lines in (LONGEST, LONGEST + 1))
    (tmp_path / "one.py").write_text(f'run("""{short}""")\nrun(f"""{long}""")\nrun("""{long}""")')
    assert set(long_statements(tmp_path / "one.py")) == {"one.py:7", "one.py:14"}


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
