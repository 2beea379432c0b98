"""Basis: what a build is computed from, recorded with it, so that it can be computed again.

Core keeps all versions, and what loads and verification replaced. Beside it a build needs the texts
that it was computed by: families with their queries, reference tables, and what KPIs say about each
other. Each text is kept once (``ops.kpi_input``), by its digest. What was recorded is read back by
``recorded``; ``recompute`` computes by it.
"""

import hashlib
import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from psycopg2 import sql

from dean06 import __version__, contract, settings
from dean06.details.detail import detail
from dean06.errors import AuditError
from dean06.kpi import disclosure
from dean06.kpi.disclosure import Link
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family, Kpi, PeriodKpi
from dean06.warehouse import Session, sql_file

BOUNDARIES = frozenset({"mart.admin_unit_successor", "mart.dim_admin_unit"})
"""What every family's counts depend on: eras, the first day, and where places lie."""
PLACED_BY = BOUNDARIES | {"mart.dim_member"}
"""Reference tables that placing and filling the grid read."""
_STEPS = ("kpi_build", "disclosure")
"""Folders of ``include/sql`` with the statements of every build."""


def record_build(
    session: Session, build_id: int, active: Collection[Family], taken_over: Mapping[str, int]
) -> None:
    """Record what a build is computed from. ``active``: the families that it has values of;
    ``taken_over``: those that another build counted, with its number."""
    counted = {family.name: taken_over.get(family.name, build_id) for family in active}
    codes = {dataset.table: dataset.code for dataset in contract.datasets()}
    reads = {
        family.name: sorted(codes.get(table, table) for table in family.tables) for family in active
    }
    session.run(
        sql_file("kpi_build/record_basis.sql"),
        build=build_id,
        list=_keep_list(session),
        counted_by=json.dumps(counted),
        reads=json.dumps(reads),
    )


def record_publication(session: Session, publication: int, build_id: int) -> None:
    """Record by what a build is placed, hidden and rounded, now that it has been published."""
    of_build = session.one(
        """select list_digest, recorded_at = now() as is_of_now from ops.kpi_build_basis
           where build_id = :build""",
        build=build_id,
    )
    if of_build is None:
        return  # as of a country, which adds what provinces have published
    session.run(
        sql_file("kpi_build/record_publication_basis.sql"),
        publication=publication,
        build=build_id,
        list=of_build.list_digest if of_build.is_of_now else _keep_list(session),
    )


def counted_by(session: Session, publication: int | None) -> dict[str, int]:
    """The build that counted each family of a publication; where that was not recorded, the build
    of the publication."""
    if publication is None:
        return {}
    row = session.one(
        """select build.build_id, basis.counted_by
           from ops.kpi_build as build left join ops.kpi_build_basis as basis using (build_id)
           where build.publication_id = :publication""",
        publication=publication,
    )
    return row.counted_by or {family.name: row.build_id for family in families()}


@dataclass(frozen=True)
class Inputs:
    """The texts that a build was computed by."""

    families: tuple[Family, ...]
    relations: Mapping[str, str]
    """Rows of each reference table, as JSON."""
    links: tuple[Link, ...]
    program: str
    """Fingerprint of the statements that are no definition."""
    version: str
    """Of dean06."""
    changed: tuple[str, ...]
    """Names of texts that are not those that were recorded."""


def inputs(session: Session, list_digest: str) -> Inputs:
    """The recorded texts of a list. Raises AuditError where one cannot be read."""
    changed: list[str] = []

    def read(digest: str) -> str:
        row = session.one("select * from ops.kpi_input where digest = :digest", digest=digest)
        if row is None:
            raise KeyError(digest)
        try:
            text = zlib.decompress(row.body).decode()
        except (zlib.error, UnicodeDecodeError):
            text = ""
        if digest_of(row.kind, row.name, text) != digest:
            changed.append(row.name or row.kind)
        return text

    try:
        listed = json.loads(read(list_digest))
        return Inputs(
            tuple(_family(read(digest)) for digest in listed["families"].values()),
            {name: read(digest) for name, digest in listed["relations"].items()},
            tuple(msgspec.convert(json.loads(read(listed["links"])), list[Link])),
            listed["program"],
            listed["version"],
            tuple(changed),
        )
    except (ValueError, KeyError, msgspec.ValidationError):
        raise AuditError(detail("basis_unreadable")) from None


def _family(text: str) -> Family:
    """A family as ``msgspec.to_builtins`` has it, from JSON. Raises msgspec.ValidationError,
    ValueError."""
    said = json.loads(text)
    kpis = tuple(
        msgspec.convert(kpi, PeriodKpi if "of" in kpi else Kpi) for kpi in said.pop("kpis")
    )
    first = [kpi for kpi in msgspec.to_builtins(kpis) if "of" not in kpi]
    return msgspec.structs.replace(msgspec.convert({**said, "kpis": first}, Family), kpis=kpis)


def digests_of(session: Session, relations: Collection[str]) -> dict[str, str]:
    """Digests of the rows of reference tables, in whatever order they are."""
    found: dict[str, str] = {}
    for relation in sorted(relations):
        [(found[relation],)] = session.compose_rows(
            "select concat(count(*), ':', sum(hashtextextended(t::text, 0))) from {relation} as t",
            relation=_identifier(relation),
        )
    return found


def digest_of(kind: str, name: str, text: str) -> str:
    """The digest by which a text is kept."""
    return hashlib.sha256(f"{kind}\n{name}\n{text}".encode()).hexdigest()


@cache
def program() -> str:
    """Fingerprint of the statements that are no definition: counting, placing, hiding."""
    texts = [
        path.read_text(encoding="utf-8")
        for folder in _STEPS
        for path in sorted((settings.SQL / folder).glob("*.sql"))
    ]
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def _keep_list(session: Session) -> str:
    """Keep every input of a build that is made now; returns the digest of their list."""
    kept = _Kept(session)
    links = _json([msgspec.to_builtins(link) for link in disclosure.link_table()])
    texts = {family.name: _json(msgspec.to_builtins(family)) for family in families()}
    relations = PLACED_BY.union(*(family.relations for family in families()))
    inputs = {
        "families": {name: kept.text("family", name, text) for name, text in texts.items()},
        "relations": kept.relations(relations),
        "links": kept.text("links", "", links),
        "program": program(),
        "version": __version__,
    }
    return kept.text("list", "", _json(inputs))


class _Kept:
    """Texts that are kept, and those that become so."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known = {row.digest for row in session.rows("select digest from ops.kpi_input")}

    def text(self, kind: str, name: str, text: str, state: str | None = None) -> str:
        """Keep a text; returns its digest."""
        digest = digest_of(kind, name, text)
        if digest not in self._known:
            self._session.run(
                """insert into ops.kpi_input (digest, kind, name, state, body)
                   values (:digest, :kind, :name, :state, :body)
                   on conflict do nothing""",
                digest=digest, kind=kind, name=name, state=state,
                body=zlib.compress(text.encode()),
            )  # fmt: skip
            self._known.add(digest)
        return digest

    def relations(self, names: Collection[str]) -> dict[str, str]:
        """Keep the rows of reference tables; returns their digests by table."""
        known = {
            (row.name, row.state): row.digest
            for row in self._session.rows(
                "select name, state, digest from ops.kpi_input where kind = 'relation'"
            )
        }
        return {
            name: known.get((name, state))
            or self.text("relation", name, self._rows(name), state=state)
            for name, state in digests_of(self._session, names).items()
        }

    def _rows(self, relation: str) -> str:
        [(text,)] = self._session.compose_rows(
            """select coalesce(jsonb_agg(to_jsonb(t) order by to_jsonb(t)::text), '[]')::text
               from {relation} as t""",
            relation=_identifier(relation),
        )
        return str(text)


def _identifier(relation: str) -> sql.Composable:
    return sql.Identifier(*relation.split("."))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
