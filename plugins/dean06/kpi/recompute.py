"""Recompute: a past publication computed again from core as core was, and compared.

By the definitions, reference tables and rules that were recorded with it (``basis``), from the
versions and verdicts that its builds saw (``core_then``), hidden and rounded beside the
publications that there were. Nothing is written but who asked, and what came of it
(``ops.recomputation``).
"""

import json
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from dean06.details.detail import Detail, detail
from dean06.errors import AuditError
from dean06.kpi import basis, counting, disclosure, grid
from dean06.kpi.basis import Inputs
from dean06.kpi.core_then import AsThen
from dean06.kpi.digest import definition_digest, is_comparable
from dean06.kpi.front_matter import Family, Kpi
from dean06.proof import record
from dean06.trail import chain
from dean06.warehouse import LOADER, Session, sql_file, transaction

log = logging.getLogger(__name__)

_HOW = {
    "more": "published, but absent from the new computation",
    "less": "absent from the publication, but present in the new computation",
    "hidden": "suppressed in only one of the two computations",
    "reason": "the reason for the missing value differs",
    "value": "the published value differs",
    "exact": "the exact number behind the value differs",
}
"""What a difference is, by ``recompute/differing_values.sql``."""


_REMOVED = {"version": "removed_version", "verdict": "removed_verdict"}
"""Codes of texts, by ``ops.replaced_purge.what``."""


@dataclass(frozen=True)
class Recomputed:
    """What came of computing a publication again."""

    publication_id: int
    day: date
    values: int
    """Published values that were compared."""
    differences: tuple[str, ...]
    missing: tuple[Detail, ...]
    """What it needs that is not there; nothing was compared then."""

    @property
    def outcome(self) -> str:
        """As ``ops.recomputation`` has it."""
        return "impossible" if self.missing else "differs" if self.differences else "equal"


@dataclass(frozen=True)
class Drawn:
    """Publications drawn at random, and how many could not be drawn."""

    publications: tuple[int, ...]
    unrecorded: int
    """Made before it was recorded what publications are computed from."""
    removed: int
    """Of which retention has removed what they need."""


@dataclass(frozen=True)
class _Plan:
    """How a publication was made."""

    one: Any
    """Row of ``recompute/publication.sql``."""
    placed: Inputs
    """By what it was placed, hidden and rounded."""
    builds: Mapping[int, Inputs]
    """By what builds counted its families; its own build is the last."""

    @property
    def own(self) -> Inputs:
        """By what its own build was computed."""
        return self.builds[self.one.build_id]

    def counted(self, build: int) -> list[Family]:
        """The families that a build counted."""
        return [f for f in self.builds[build].families if self.one.counted_by.get(f.name) == build]


def draw(size: int, seed: int) -> Drawn:
    """So many publications at random, the same for the same seed and publications, in their order;
    all, where there are fewer."""
    with transaction() as session:
        every = session.rows(sql_file("recompute/publications.sql"))
    able = [row.publication_id for row in every if row.is_recorded and not row.is_removed]
    chosen = random.Random(seed).sample(able, min(size, len(able)))
    unrecorded = sum(not row.is_recorded for row in every)
    return Drawn(tuple(sorted(chosen)), unrecorded, len(every) - len(able) - unrecorded)


def recompute(publication: int, reader: str, told: Callable[[str], None] = log.info) -> Recomputed:
    """Compute a publication again and compare; ``told`` is called with each family that was
    counted. Who asked is in ``ops.recomputation`` before anything is returned.

    Raises AuditError when there is no such publication.
    """
    with transaction(isolation="REPEATABLE READ") as session:
        found = _compared(session, publication, told)
    with transaction() as session:
        session.run(
            """insert into ops.recomputation
                   (publication_id, reader, outcome, value_count, difference_count)
               values (:publication, :reader, :outcome, :values, :differences)""",
            publication=publication,
            reader=reader,
            outcome=found.outcome,
            values=found.values,
            differences=len(found.differences),
        )
    chain.link_if_possible(LOADER)
    return found


def _compared(session: Session, publication: int, told: Callable[[str], None]) -> Recomputed:
    one = session.one(sql_file("recompute/publication.sql"), publication=publication)
    if one is None:
        raise AuditError(detail("no_publication", publication=publication))
    day: date = one.as_of_date
    if missing := _missing(session, one):
        return Recomputed(publication, day, 0, (), tuple(missing))
    try:
        plan = _plan(session, one)
    except AuditError as error:
        return Recomputed(publication, day, 0, (str(error),), ())
    if texts := _other_texts(session, plan):  # which nobody has to run
        return Recomputed(publication, day, 0, tuple(texts), ())
    _compute(session, plan, told)
    rows = session.rows(sql_file("recompute/differing_values.sql"), publication=publication)
    differences = [f"{_place(row)} on {day}: {_HOW[row.difference]}" for row in rows]
    values = session.one(
        "select count(*) as n from mart.kpi_value where publication_id = :publication",
        publication=publication,
    ).n
    return Recomputed(publication, day, values, tuple(differences), ())


def _place(row: Any) -> str:
    member = f", {row.breakdown} {row.member_code}" if row.breakdown else ""
    return f"{row.kpi_code} in {row.unit_level} {row.unit_code} ({row.boundary_version}{member})"


def _missing(session: Session, one: Any) -> list[Detail]:
    """What a publication needs to be computed again, and is not there."""
    if one.list_digest is None or one.counted_by is None:
        return [detail("basis_not_recorded")]
    builds = sorted(set(one.counted_by.values()))
    rows = session.rows(
        "select build_id from ops.kpi_build_basis where build_id = any(:builds)", builds=builds
    )
    known = {row.build_id for row in rows}
    found = [detail("basis_of_build_not_recorded", build=b) for b in builds if b not in known]
    found += [
        detail(_REMOVED[row.what], dataset=row.dataset_code, count=row.item_count, day=row.since)
        for row in session.rows(sql_file("recompute/removed.sql"), build=one.build_id)
    ]
    if one.has_other_secret:
        found.append(detail("rounding_secret_replaced"))
    return found


def _plan(session: Session, one: Any) -> _Plan:
    builds = [b for b in sorted(set(one.counted_by.values())) if b != one.build_id]
    rows = session.rows(
        "select build_id, list_digest from ops.kpi_build_basis where build_id = any(:builds)",
        builds=[*builds, one.build_id],
    )
    lists = {row.build_id: row.list_digest for row in rows}
    texts = {each: basis.inputs(session, each) for each in {*lists.values(), one.list_digest}}
    return _Plan(one, texts[one.list_digest], {b: texts[lists[b]] for b in [*builds, one.build_id]})


def _compute(session: Session, plan: _Plan, told: Callable[[str], None]) -> None:
    """Fill ``built`` and ``then_kpi_value`` as the publication was."""
    one, again = plan.one, AsThen(session.connection)
    day: date = one.as_of_date
    again.sort_in_memory()
    counting.start(again)
    for number, (build, used) in enumerate(plan.builds.items()):
        if number:
            again.run("drop table definition")
            counting.displace(again)
        again.refer_to(used.relations)
        _define(again, used.families)
        _count(again, plan, build, told)
    again.value_by_value()
    taken = [f for build in plan.builds if build != one.build_id for f in plan.counted(build)]
    again.run(
        sql_file("recompute/values_taken_over.sql"),
        earlier=one.earlier,
        codes=[code for family in taken for code in family.codes],
    )
    grid.prepare(again, day, one.source_codes)
    grid.fill(again)
    if plan.placed != plan.own:
        _place_again(again, plan)
    _publish(again, plan)


def _count(again: AsThen, plan: _Plan, build: int, told: Callable[[str], None]) -> None:
    """Add to ``built`` what a build counted."""
    wanted, day = plan.counted(build), plan.one.as_of_date
    counting.place(again, day, wanted)
    tables = frozenset[str]().union(*(family.tables for family in wanted))
    with again.core_of(build, tables), again.by_hash():
        for family in wanted:
            counting.count(again, day, family, from_spans=True)
            told(f"KPI file {family.name}: computed from the data of build {build}")


def _define(again: AsThen, families: Sequence[Family], before: Sequence[Family] = ()) -> None:
    """Definitions as the temporary table ``definition``: those of ``before``, where it has them."""
    rows = {
        kpi.code: _definition(family, kpi) for family in (*families, *before) for kpi in family.kpis
    }
    again.run(
        sql_file("recompute/definitions_then.sql"), definitions=json.dumps(list(rows.values()))
    )


def _definition(family: Family, kpi: Kpi) -> dict[str, Any]:
    """Columns of ``mart.kpi_definition``."""
    said = msgspec.to_builtins(msgspec.structs.asdict(kpi))
    return {
        **said,
        "kpi_code": kpi.code,
        "kpi_version": kpi.version,
        "source_codes": list(family.sources),
        "hides_small_cells": family.small_cells == "hidden",
        "base_code": kpi.base,
    }


def _place_again(again: AsThen, plan: _Plan) -> None:
    """Place a build that was held by what held when it was released."""
    again.run("drop table definition, territory, grid")
    counting.displace(again)
    again.refer_to(plan.placed.relations)
    active = [f for f in plan.own.families if f.name in plan.one.counted_by]
    counting.place(again, plan.one.as_of_date, active)
    _define(again, plan.placed.families, active)
    grid.prepare(again, plan.one.as_of_date, plan.one.source_codes)


def _publish(again: AsThen, plan: _Plan) -> None:
    """Hide and round as then, beside the publications that there were."""
    number, day = plan.one.publication_id, plan.one.as_of_date
    links = disclosure.links_on(day, plan.placed.families, plan.placed.links)
    rules = disclosure.Rules(plan.one.smallest_shown, links)
    again.compose(
        """create temporary table then_kpi_value (like mart.kpi_value including defaults)
           on commit drop"""
    )
    disclosure.decide(again, number, day, rules)
    disclosure.write_values(again, number, day, rules)
    again.run("analyze then_kpi_value")


def _other_texts(session: Session, plan: _Plan) -> list[str]:
    """Recorded texts that were changed since, and definitions that are not those of the signed
    file."""
    every = [*plan.builds.values(), plan.placed]
    changed = sorted({name for used in every for name in used.changed})
    found = [f"{name}: its recorded text was changed" for name in changed]
    signed = _signed(session, plan.one.place)
    for build in plan.builds:
        for family in plan.counted(build):
            for kpi in family.kpis:
                digest = signed.get((kpi.code, kpi.version))
                if is_comparable(digest) and digest != definition_digest(family, kpi):
                    found.append(
                        f"{kpi.code}: its recorded definition is not the one of version "
                        f"{kpi.version} in the signed file"
                    )
    return found


def _signed(session: Session, place: int | None) -> dict[tuple[str, int], str]:
    """Fingerprints of definitions in the file of a publication."""
    if place is None:
        return {}
    header = record.body_of(session, place).partition(b"\n")[0].removeprefix(b"# ")
    try:
        said = json.loads(header)["definitions"]
    except (ValueError, KeyError):
        return {}
    return {(code, version): digest for code, version, digest in said}
