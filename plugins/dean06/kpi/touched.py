"""Touched: what loads and verification runs changed, as it is and as it was before them.

Things that share no key do not change each other's spans (``independent_by`` in front matter). So
the steps of a family follow from those kept before: what the touched things put in is taken out,
and what they put in now is added. Core keeps what is replaced until that has been done
(``core.replaced_version``, ``core.replaced_verdict``).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from psycopg2 import sql

from dean06 import contract
from dean06.contract import Dataset
from dean06.identity.parts import Parts, record_key
from dean06.kpi import counting
from dean06.kpi.front_matter import PERSON, RECORD, Family
from dean06.warehouse import Session, array, names, sql_file

VERDICTS = "identity_verdict"
_BY_RECORD = (RECORD, PERSON)
"""Keys whose things are known by the keys of their records."""


@dataclass(frozen=True)
class Touched:
    """What is touched, for families that are independent by the same key."""

    key: str
    """``record``, ``person``, or the column whose values tell things apart."""
    datasets: tuple[Dataset, ...]
    """Those that have the key."""
    loads: tuple[int, ...]
    """Published since."""
    verification: int
    """Newest run before."""
    share: int = 0
    shares: int = 1
    """Of the things that are touched: which share, of how many."""

    def in_shares(self, shares: int) -> list["Touched"]:
        """The same things in so many shares; whole where things are known by their records."""
        if self.key in _BY_RECORD:
            return [self]
        return [replace(self, share=share, shares=shares) for share in range(shares)]

    @property
    def tables(self) -> frozenset[str]:
        """Tables of core that the queries of the families may read of touched things alone."""
        return frozenset({VERDICTS, *(dataset.table for dataset in self.datasets)})


def with_key(family: Family) -> list[Dataset]:
    """The datasets that a family reads and whose records have the key of its things."""
    read = [each for each in contract.datasets() if each.table in family.tables]
    if family.independent_by in _BY_RECORD:
        return read
    return [d for d in read if family.independent_by in {column.name for column in d.columns}]


def prepare(session: Session, touched: Touched) -> None:
    """Make temporary tables of all versions and verdicts of touched things: ``now_<table>`` as they
    are, ``before_<table>`` as they were."""
    of_each = _find_records(session, touched)
    datasets = array([dataset.code for dataset in touched.datasets], "text")
    session.compose(
        sql_file("kpi_touched/records_by_verdict.sql"),
        datasets=datasets,
        verification=sql.Literal(touched.verification),
    )
    session.run("analyze touched")
    if touched.key == PERSON:
        session.compose(sql_file("kpi_touched/records_of_persons.sql"), datasets=datasets)
        session.run("analyze touched")
    if touched.key not in _BY_RECORD:
        _find_things(session, touched, of_each)
    for parts in of_each:
        _versions(session, parts)
    _verdicts(session, touched, of_each)


def prepare_versions(session: Session, touched: Touched) -> list[Parts]:
    """As ``prepare``, of the versions of records that the loads touched alone; returns what
    templates of each dataset are composed of."""
    of_each = _find_records(session, touched)
    session.run("analyze touched")
    for parts in of_each:
        _versions(session, parts)
    return of_each


def drop(session: Session, touched: Touched) -> None:
    """Drop the tables that were made."""
    for table in sorted(touched.tables):
        session.run(f"drop table if exists {_table('now', table)}, {_table('before', table)}")
    session.run("drop table if exists touched, touched_thing, wanted_record")


def add_changes(
    session: Session,
    day: date,
    touched: Touched,
    queries: Sequence[tuple[Family, str]],
    **parameters: object,
) -> None:
    """Add to the temporary table ``change`` by how much the steps of families differ from those
    that touched things had. Each family comes with the query that counts its steps.

    Raises AuditError naming the file of a family whose query PostgreSQL cannot run.
    """
    session.look_up_by_index()
    prepare(session, touched)
    for family, query in queries:
        text = (
            sql_file("kpi_touched/changed_steps.sql")
            .replace("{now}", reading(query, touched, "now"))
            .replace("{before}", reading(query, touched, "before"))
        )
        with session.by_hash():
            counting.add(session, day, family, "change", text, **parameters)
    drop(session, touched)


def reading(query: str, touched: Touched, when: str) -> str:
    """A family's query, reading touched things alone: ``now``, or as they were ``before``."""
    return reading_only(query, touched.tables, when)


def reading_only(query: str, tables: Iterable[str], part: str) -> str:
    """A query that reads, instead of tables of core, the temporary relations ``<part>_<table>``."""
    named = "|".join(sorted(tables))
    return re.sub(rf"\bcore\.({named})\b", lambda found: _table(part, found[1]), query)


def forget_replaced(session: Session) -> None:
    """Remove from core what only steps need, once it is in all of them."""
    session.run(sql_file("kpi_touched/forget_replaced.sql"))


def _find_records(session: Session, touched: Touched) -> list[Parts]:
    session.run(
        "create temporary table touched (dataset_code text, record_key text) on commit drop"
    )
    of_each = [_parts(touched, dataset) for dataset in touched.datasets]
    for parts in of_each:
        session.compose(sql_file("kpi_touched/records.sql"), **parts)
    return of_each


def _table(when: str, table: str) -> str:
    return f"pg_temp.{when}_{table}"


def _find_things(session: Session, touched: Touched, of_each: Sequence[Parts]) -> None:
    session.run("create temporary table touched_thing (thing text) on commit drop")
    for parts in of_each:
        session.compose(sql_file("kpi_touched/things.sql"), **parts)
    session.compose(
        "delete from touched_thing where not {is_in_share}",
        is_in_share=in_share(sql.Identifier("thing"), touched.share, touched.shares),
    )
    session.run("analyze touched_thing")


def _versions(session: Session, parts: Parts) -> None:
    session.compose(sql_file("kpi_touched/versions_now.sql"), **parts)
    session.compose(sql_file("kpi_touched/versions_before.sql"), **parts)
    for table in ("{now}", "{before}"):
        # As core has it: a family's query may look up the other versions of each record.
        session.compose(f"create index on {table} ({{key}})", **parts)
        session.compose(f"analyze {table}", **parts)


def _verdicts(session: Session, touched: Touched, of_each: Sequence[Parts]) -> None:
    if touched.key in _BY_RECORD:
        session.run("create temporary table wanted_record on commit drop as select * from touched")
    else:
        session.run(
            "create temporary table wanted_record (dataset_code text, record_key text)"
            " on commit drop"
        )
        for parts in of_each:
            session.compose(sql_file("kpi_touched/records_of_things.sql"), **parts)
    session.run("analyze wanted_record")
    since = sql.Literal(touched.verification)
    session.run(sql_file("kpi_touched/verdicts_now.sql"))
    session.compose(sql_file("kpi_touched/verdicts_before.sql"), verification=since)
    session.run(f"analyze {_table('now', VERDICTS)}")
    session.run(f"analyze {_table('before', VERDICTS)}")


def _parts(touched: Touched, dataset: Dataset) -> Parts:
    """What the templates of a dataset are composed of."""
    columns = (*(column.name for column in dataset.columns), "_load_id")
    deleted = sql.Identifier("core", dataset.deleted) if dataset.deleted else sql.SQL("false")
    parts: Parts = {
        "core": sql.Identifier("core", dataset.table),
        "now": sql.Identifier("pg_temp", f"now_{dataset.table}"),
        "before": sql.Identifier("pg_temp", f"before_{dataset.table}"),
        "past": sql.Identifier("pg_temp", f"then_{dataset.table}"),
        "every_column": names((*columns, "_is_current", "_valid_to"), "record"),
        "dataset": sql.Literal(dataset.code),
        "record_key": record_key(dataset),
        "thing": thing(touched.key, dataset),
        "loads": array(touched.loads, "bigint"),
        "columns": names(columns, "record"),
        "key": names(dataset.key),
        "core_key": names(dataset.key, "core"),
        "version": sql.Identifier(dataset.version),
        "dated_by": sql.Identifier(dataset.dated_by),
        "core_deleted": deleted,
        "shown": names(columns, "core"),
    }
    among = (
        "{record_key} in (select touched.record_key from touched"
        " where touched.dataset_code = {dataset})"
        if touched.key in _BY_RECORD
        else "{thing} in (select touched_thing.thing from touched_thing)"
    )
    parts["is_wanted"] = sql.SQL(among).format(**parts)
    parts["versions"] = sql.SQL(sql_file("kpi_touched/old_versions.sql")).format(**parts)
    parts["ordered"] = sql.SQL(sql_file("protocol/ordered.sql")).format(**parts)
    return parts


def thing(key: str, dataset: Dataset) -> sql.Composable:
    """The key of the thing that ``record`` belongs to, as text; as registers write personal IDs
    where a source may leave out a zero."""
    if key in _BY_RECORD:
        return record_key(dataset)
    column = sql.Identifier("record", key)
    person = dataset.person
    if person is not None and not person.is_registry and key == person.id:
        return sql.SQL("lpad({}, 12, '0')").format(column)
    return sql.SQL("{}::text").format(column)


def in_share(thing: sql.Composable, share: int, shares: int) -> sql.Composable:
    """Whether a thing, as text, is in a share of all things: each is in one of them."""
    template = "mod(hashtext(coalesce({thing}, ''))::bigint + 2147483648, {shares}) = {share}"
    return sql.SQL(template).format(
        thing=thing, shares=sql.Literal(shares), share=sql.Literal(share)
    )


def datasets_of(families: Sequence[Family]) -> tuple[Dataset, ...]:
    """The datasets with the key of their things that any of the families reads."""
    found = {dataset.code: dataset for family in families for dataset in with_key(family)}
    return tuple(found[code] for code in sorted(found))
