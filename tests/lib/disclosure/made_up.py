"""A made-up day of two provinces' worth of rules in one small province, with a known truth.

Thirty communes of which groups become one; counts drawn so that many are small; every link between
KPIs that the definitions know holds in it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from dean06 import contract
from dean06.kpi import boundaries, grid, publication
from dean06.warehouse import Session, transaction

DAY = date(2022, 10, 31)
PROVINCE = "82"
Cell = tuple[str, str, str, str, str, str]
_DATASETS = ("insurance.participant", "health.immunization", "portal.dossier")
_VERDICTS = {"verified": 12, "verified_after_normalisation": 2, "mismatch_name": 1.2,
             "missing_id": 0.8, "invalid_id": 0.5, "not_found": 0.4, "deceased": 0.3}  # fmt: skip
_GOOD, _UNUSABLE = ("verified", "verified_after_normalisation", "verified_by_name"), ("invalid_id",)


Values = dict[Cell, tuple[int, int | None]]
Counts = Counter[tuple[str, str, str, str, str]]
"""(KPI, breakdown, member, commune, counted or uncounted) → how many."""


def counts(seed: int, communes: int, busy: float = 1) -> Counts:
    """What happened in each commune, by number of the commune; ``busy``: how much, 1 by default."""
    draws = np.random.default_rng(seed)
    found: Counts = Counter()
    for number in range(communes):
        size = busy * draws.lognormal(0, 0.8)
        count = partial(add, found, str(number))
        for level, age in product(("1", "2"), ("new_month", "before_month")):
            many = int(draws.poisson(2 * size if level == "1" else 8 * size))
            for code in ("accounts", f"accounts_level_{level}", f"accounts_{age}"):
                count(f"eid.{code}", many)
            activated = many - many // 5 if level == "2" else 0
            count("eid.accounts_activated", activated)
            count("eid.accounts_not_activated", many - activated)
        _persons(count, draws, size)
        for dataset, (verdict, usual) in product(_DATASETS, _VERDICTS.items()):
            _outcome(count, dataset, verdict, int(draws.poisson(usual * size * 2)))
        for procedure in ("DA06-01", "DA06-02", "DA06-03", "DA06-04"):
            whole = int(draws.poisson(4 * size))
            for code in ("service.online_share", "service.reused_share"):
                part = int(draws.binomial(whole, 0.6))
                count(code, part, "counted", "procedure", procedure)
                count(code, whole - part, "uncounted", "procedure", procedure)
    return found


def _persons(count: Any, draws: np.random.Generator, size: float) -> None:
    """Residents, those whom other sources hold too, and on what these disagree."""
    held, alone, temporary = (int(draws.poisson(many * size)) for many in (12, 3, 1))
    count("population.permanent_residents", held + alone)
    count("population.temporary_residents", temporary)
    count("quality.reused_share", held)
    count("quality.reused_share", alone + temporary, "uncounted")
    differs = {"name": 0.1, "birth_date": 0.05, "sex": 0.02, "commune": 0.2}
    disagree = {each: draws.random(held) < share for each, share in differs.items()}
    missing = {each: draws.random(held) < 0.1 for each in differs if each != "name"}
    every = np.zeros(held, dtype=np.bool_)
    for each, found in disagree.items():
        compared = ~missing.get(each, np.zeros(held, dtype=np.bool_))
        every |= found & compared
        part, whole = int((found & compared).sum()), int(compared.sum())
        count(f"quality.consistent_{each}_share", whole - part)
        count(f"quality.consistent_{each}_share", part, "uncounted")
        if each != "name":
            count(f"quality.not_comparable_{each}", held - whole)
        pair = f"insurance/police/{each}"
        count("quality.disagreements", part, "counted", "disagreement", pair)
    for code, by in (("consistent", ()), ("consistent_by_source", ("source", "insurance"))):
        count(f"quality.{code}_share", int((~every).sum()), "counted", *by)
        count(f"quality.{code}_share", int(every.sum()), "uncounted", *by)


def add(found: Counts, unit: str, code: str, many: int, number: str = "counted", by: str = "",
         member: str = "") -> None:  # fmt: skip
    """Count in a member and in its total."""
    for place in {(by, member), ("", "")}:
        found[code, *place, unit, number] += many


def _outcome(add: Any, dataset: str, verdict: str, many: int) -> None:
    """Records of one outcome, in every KPI that counts them."""
    number = {True: "counted", False: "uncounted"}
    if verdict == "deceased":
        add("quality.deceased_records", many, "counted", "dataset", dataset)
        return
    add("quality.compared_records", many, "counted", "outcome", f"{dataset}/{verdict}")
    add("quality.accurate_share", many, number[verdict in _GOOD], "dataset", dataset)
    add("quality.complete_share", many, number[verdict != "missing_id"], "dataset", dataset)
    if verdict != "missing_id":
        add("quality.clean_share", many, number[verdict not in _UNUSABLE], "dataset", dataset)
    if dataset == "insurance.participant":
        add("insurance.participants", many)
        add("insurance.verdicts", many, "counted", "verdict", verdict)
        add("insurance.verified_share", many, number[verdict in _GOOD])
    if dataset == "health.immunization":
        add("health.vaccinations_verified", many, number[verdict in _GOOD])


def publish(
    seed: int = 6, communes: int = 30, found: Counts | None = None, day: date = DAY
) -> Values:
    """Publish the made-up day, or what was found in another, as a build would; returns every value
    with its number."""
    with transaction() as session:
        values = _values(session, found or counts(seed, communes), communes)
    return publish_values(values, day)


def publish_values(values: Values, day: date) -> Values:
    """Publish values of a day, as a build would, with 0 where nothing was counted; returns them
    with these."""
    sources = set(contract.sources())
    with transaction() as session:
        _tables(session, values, day)
        grid.prepare(session, day, sources)
        grid.fill(session)
        build = publication.open_build(session, day, sources, "test")
        publication.publish_build(session, build)
        return {
            tuple(row[:6]): (
                row.numerator,
                None if row.denominator is None else row.denominator - row.numerator,
            )
            for row in session.rows(
                """select kpi_code, boundary_version, unit_level, unit_code, breakdown,
                          member_code, numerator, denominator from built"""
            )
        }


@dataclass(frozen=True)
class State:
    """A publication: its day and every value with its number."""

    day: date
    values: Values


def history(days: int, communes: int, late: int, seed: int = 6) -> list[State]:
    """Publish days on which little happens in each commune, then the last ``late`` days again with
    what came late for the first of them; returns what every publication is of."""
    so_far, daily = counts(seed, communes), []
    for number in range(days):
        so_far = so_far + counts(seed + 100 + number, communes, busy=0.02)
        daily.append((DAY + timedelta(number), so_far))
    came_late = counts(seed + 99, communes, busy=0.02)
    daily += [(day, found + came_late) for day, found in daily[days - late :]]
    return [State(day, publish(communes=communes, found=found, day=day)) for day, found in daily]


def _values(session: Session, found: Any, communes: int) -> Values:
    """Values of all units on both boundaries, as a build's queries come to them."""
    units = [
        row.unit_code
        for row in session.rows(
            """select unit_code from mart.admin_unit_successor as successor
               where unit_level = 'commune' and is_default and successor_province_code = :province
                   and relation <> 'unknown'
                   and unit_code in (select unit_code from mart.dim_admin_unit
                                     where province_code = :province and unit_level = 'commune')
               order by successor_code, unit_code limit :many""",
            province=PROVINCE,
            many=communes,
        )
    ]
    assert len(units) == communes
    shares = {
        row.kpi_code
        for row in session.rows("select kpi_code from mart.kpi_definition where has_denominator")
    }
    now = {
        row.unit_code: row.successor_code
        for row in session.rows(
            """select unit_code, successor_code from mart.admin_unit_successor
               where unit_level = 'commune' and is_default"""
        )
    }
    summed: Counter[tuple[Cell, str]] = Counter()
    for (code, by, member, number, part), many in found.items():
        unit = units[int(number)]
        places = [("as_reported", "province", PROVINCE), ("current", "province", PROVINCE)]
        if not by or by == "outcome":
            places += [("as_reported", "commune", unit), ("current", "commune", now[unit])]
        for place in places:
            summed[(code, *place, by, member), part] += many
    return {
        cell: (
            summed[cell, "counted"],
            summed[cell, "uncounted"] if cell[0] in shares else None,
        )
        for cell, _ in list(summed)
        if cell[2] == "province" or summed[cell, "counted"] + summed[cell, "uncounted"]
    }


def _tables(session: Session, values: Values, day: date) -> None:
    """The temporary tables that a build hands over; of communes and KPIs only
    those that values speak of."""
    boundaries.prepare(session, day)
    session.run(
        """delete from unit_of_day
           where unit_level = 'commune' and reported_code <> all(cast(:communes as text []))""",
        communes=list({cell[3] for cell in values if cell[1:3] == ("as_reported", "commune")}),
    )
    session.run(
        """create temporary table built (
               kpi_code text, boundary_version text, unit_level text, unit_code text,
               breakdown text, member_code text, numerator bigint, denominator bigint
           ) on commit drop"""
    )
    lines = [
        (*cell, counted, None if rest is None else counted + rest)
        for cell, (counted, rest) in values.items()
    ]
    session.run(
        """insert into built select * from unnest(
               cast(:c0 as text []), cast(:c1 as text []), cast(:c2 as text []),
               cast(:c3 as text []), cast(:c4 as text []), cast(:c5 as text []),
               cast(:c6 as bigint []), cast(:c7 as bigint []))""",
        **{f"c{index}": list(column) for index, column in enumerate(zip(*lines, strict=True))},
    )
    session.run(
        """create temporary table definition on commit drop as
           select * from mart.kpi_definition where kpi_code = any(:codes)""",
        codes=list({cell[0] for cell in values}),
    )
    session.run(
        """create temporary table cause (
               kpi_code text, cause text, dataset_code text, row_count bigint) on commit drop"""
    )
