"""What an SQL file reads and writes: as its header says, and as its text does."""

import re
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp, parse

FIELDS = ("Purpose", "Grain", "Parameters", "Reads", "Writes")
CATALOGUE = "the catalogue"
"""Stands for relations of pg_catalog and information_schema."""
_Structure = exp.Comment | exp.Grant | exp.Revoke | exp.Alter | exp.Command
"""Statements that neither read nor write rows, or that sqlglot does not read."""
_SLOTS = {
    "core": "the core table", "registry": "the registry", "facts": "the family's facts",
    "meaning": "the core SQL", "files": "the files",
}  # fmt: skip
"""Slots of templates that stand for a relation, as headers call them."""
_ATTACHED = re.compile(r"^(triggers? of|constraints of|policy \w+ of|schemas|extension) ")


@dataclass(frozen=True)
class Uses:
    """Names of relations; temporary ones without a schema."""

    reads: frozenset[str]
    writes: frozenset[str]


def header(text: str) -> dict[str, str]:
    """Field → what it says, of the comment that a file opens with; in the order it has them."""
    found: dict[str, str] = {}
    field = ""
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        if match := re.match(r"-- ([A-Z][a-z]+): +(.*)", line):
            field = match[1]
            found[field] = match[2]
        elif line.startswith("--     "):
            found[field] += f" {line[2:].strip()}"
        else:
            break
    return found


def said(field: str, *, attached: bool = False) -> frozenset[str]:
    """The names that a field lists, without remarks in brackets; with ``attached`` also the tables
    whose triggers or policies it lists."""
    groups = re.sub(r"\s*\([^)]*\)", "", field).rstrip(".").split(";")
    return frozenset(
        name.strip()
        for group in groups
        if attached or not _ATTACHED.match(group.strip())
        for name in _ATTACHED.sub("", group.strip()).split(",")
        if name.strip() != "nothing"
    )


def done(path: Path) -> Uses:
    """What the text of a file does: every table that its statements read or write."""
    text = path.read_text(encoding="utf-8").replace("({meaning})", "(select * from {meaning})")
    text = re.sub(r"\{(\w+)\}", r"slot_\1", text)
    # Where the table is made and when it goes: sqlglot reads no further than that.
    text = text.replace(" on commit drop as", " as")
    reads: set[str] = set()
    writes: set[str] = set()
    for statement in parse(text, dialect=_dialect(path)):
        if statement is not None and not isinstance(statement, _Structure):
            targets = _targets(statement)
            known = {cte.alias for cte in statement.find_all(exp.CTE)}
            writes.update(filter(None, map(_name, targets)))
            reads.update(
                name
                for table in statement.find_all(exp.Table)
                if not any(table is target for target in targets)
                and table.find_ancestor(exp.Reference, exp.Index) is None
                and (name := _name(table))
                and name not in known
            )
    return Uses(frozenset(reads), frozenset(writes))


def _dialect(path: Path) -> str:
    """What sqlfluff reads the files of a folder as."""
    settings = path.with_name(".sqlfluff")
    return "duckdb" if settings.exists() and "duckdb" in settings.read_text() else "postgres"


def mentioned(text: str) -> frozenset[str]:
    """Every ``schema.name`` of ours in a text, without its comments: for bodies of functions."""
    bare = re.sub(r"--[^\n]*|'(?:[^']|'')*'", "", text)
    return frozenset(re.findall(r"\b((?:core|ops|mart)\.[a-z_0-9]+)", bare))


def _targets(statement: exp.Expr) -> list[exp.Table]:
    dropped = [drop.find_all(exp.Table) for drop in statement.find_all(exp.Drop)]
    found = [table for tables in dropped for table in tables]
    for kind in (exp.Insert, exp.Update, exp.Delete, exp.Create):
        for node in statement.find_all(kind):
            target = node.this.this if isinstance(node.this, exp.Schema) else node.this
            if isinstance(target, exp.UserDefinedFunction):
                target = target.this
            if isinstance(target, exp.Table):
                found.append(target)
    return found


def _name(table: exp.Table) -> str | None:
    if not isinstance(table.this, exp.Identifier):
        return None  # a function that returns rows
    if table.name.startswith("slot_"):
        return _SLOTS.get(table.name.removeprefix("slot_"))
    if table.name.startswith("pg_") or table.db == "information_schema":
        return CATALOGUE
    return f"{table.db}.{table.name}" if table.db not in ("", "pg_temp") else table.name
