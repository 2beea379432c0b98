"""Small counts stay out of publications, and so does everything that would reveal them.

A count of one to four persons in a commune is a neighbour. Counts by commune and by member of a
breakdown are published rounded, up or down by a secret that does not change; those by commune again
only when their province has changed enough (``docs/decisions/0033-rounded-counts.md``). Totals of
provinces are exact; those of one to four are hidden, and with them as many others as it takes that
no other KPI gives them away (``docs/decisions/0021-small-cells.md``). Decided once, when a
build becomes a publication, in SQL over temporary tables; exact numbers of what is hidden or
rounded go to ``ops.kpi_withheld`` and never into mart.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Literal

import msgspec

from dean06 import settings
from dean06.declaration import Declaration, read_table
from dean06.kpi import periods
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family, Kpi
from dean06.warehouse import Session, sql_file

log = logging.getLogger(__name__)

ROUNDED_TO, ENOUGH_CHANGE = 2, 4
"""Times the smallest count that may be shown: what counts by commune and member are rounded to, and
by how much a province has to change before its communes are shown again."""
_LINKS = settings.REFERENCE / "linked_kpis.csv"


class Link(Declaration, frozen=True):
    """A row of ``linked_kpis.csv``: what one KPI says about another."""

    kind: Literal["equal", "part", "implies", "rest"]
    kpi_code: str
    number: Literal["", "counted", "uncounted", "whole"] = ""
    breakdown: str = ""
    linked_code: str = ""
    linked_number: Literal["", "counted", "uncounted", "whole"] = ""
    linked_breakdown: str = ""
    linked_members: str = ""

    def implies(self, *, backwards: bool = False) -> "Link":
        """Where the one KPI is hidden, the other is hidden too."""
        one = (self.kpi_code, self.breakdown)
        other = (self.linked_code, self.linked_breakdown)
        return _implies(other, one) if backwards else _implies(one, other)


def _implies(one: tuple[str, str], other: tuple[str, str]) -> Link:
    """Of two KPIs with their breakdowns, where the one is hidden, the other is."""
    return Link(
        kind="implies",
        kpi_code=one[0],
        breakdown=one[1],
        linked_code=other[0],
        linked_breakdown=other[1],
    )


@dataclass(frozen=True)
class Rules:
    """By what it is decided which numbers of a publication are shown."""

    least: int
    """The smallest count that may be shown."""
    links: tuple[Link, ...]
    """What KPIs say about each other on the day."""

    @property
    def base(self) -> int:
        """What counts by commune and member are rounded to; 0: every count is shown."""
        return ROUNDED_TO * self.least if self.least > 1 else 0


def rounded_to() -> int:
    """The base that counts by commune and member are rounded to; 0: every count is shown."""
    return Rules(settings.smallest_shown_count(), ()).base


def rules(day: date) -> Rules:
    """The rules for a publication of a day that is made now."""
    return Rules(settings.smallest_shown_count(), links_on(day, families(), link_table()))


def publish(session: Session, publication: int, day: date) -> None:
    """Publish ``built`` so that no small count is revealed: values, what is missing, exact numbers
    kept, causes.

    Needs ``built``, ``definition``, ``grid``, ``cause``, ``reform`` and ``unit_of_day``.
    """
    now = rules(day)
    numbers = {"publication": publication, "as_of": day}
    if now.base:
        session.run(sql_file("disclosure/draw_secret.sql"))
    decide(session, publication, day, now)
    write_values(session, publication, day, now)
    if now.base:
        session.run(sql_file("disclosure/store_series.sql"), publication=publication)
    session.run(sql_file("disclosure/withhold_values.sql"), **numbers)
    session.run(sql_file("disclosure/publish_causes.sql"), least=now.least, **numbers)


def decide(session: Session, publication: int, day: date, given: Rules) -> None:
    """Decide which values are hidden, which are rounded, and to what: temporary tables ``cell``,
    ``hidden``, ``series``, ``rounded``. Reads earlier publications, and writes nothing else."""
    numbers = {"publication": publication, "as_of": day}
    session.run(sql_file("disclosure/cells.sql"), base=given.base, **numbers)
    session.run("analyze cell")
    _hide(session, day, given)
    _hide_beginnings(session, given.least)
    if given.base:
        enough = ENOUGH_CHANGE * given.least
        session.run(sql_file("disclosure/commune_series.sql"), enough=enough, **numbers)
        session.run(sql_file("disclosure/rounded.sql"), base=given.base)
        for table in ("series", "rounded"):
            session.run(f"analyze {table}")
    session.run("analyze hidden")


def write_values(session: Session, publication: int, day: date, given: Rules) -> None:
    """Write what was decided to ``mart.kpi_value``."""
    names = ("publish_rounded",) if given.base else ()
    for name in (*names, "publish_values", "publish_missing"):
        session.run(sql_file(f"disclosure/{name}.sql"), publication=publication, as_of=day)


def publish_corrections(session: Session, day: date, sources: Sequence[str]) -> None:
    """Publish how many correction cases of each source are open, overdue and closed, rounded by the
    same secret and to the same base as counts by member; nothing when the day says so already."""
    base = rounded_to()
    session.run(sql_file("disclosure/correction_cells.sql"), base=base, sources=list(sources))
    session.run(sql_file("disclosure/draw_secret.sql"))
    session.run(sql_file("disclosure/rounded.sql"), base=base or 1)
    session.run(sql_file("disclosure/publish_corrections.sql"), as_of=day)


def publish_errors(session: Session, day: date) -> None:
    """Publish how many rejected records of the 30 days up to ``day`` have errors of which group,
    rounded like counts by member; nothing when the day says so already."""
    base = rounded_to()
    session.run("drop table if exists pg_temp.cell, pg_temp.series, pg_temp.rounded")
    session.run(sql_file("disclosure/error_cells.sql"), base=base, as_of=day)
    session.run(sql_file("disclosure/draw_secret.sql"))
    session.run(sql_file("disclosure/rounded.sql"), base=base or 1)
    session.run(sql_file("disclosure/publish_errors.sql"), as_of=day)


def _hide(session: Session, day: date, given: Rules) -> None:
    """Decide which cells of provinces are not published: temporary table ``hidden``."""
    least = given.least
    _links(session, given.links)
    session.run("create unique index cell_by_number on cell (cell_id)")
    # Those that may be hidden are met by what they are as often as by their number.
    session.run("create index cell_by_place on cell (kpi_code, unit_code) where is_guarded")
    session.run("create temporary table hidden (cell_id bigint primary key) on commit drop")
    small = session.run(sql_file("disclosure/small.sql"), least=least)
    if small:
        _complement(session, least)
    # What follows meets all cells, and changes many.
    session.run("drop index pg_temp.cell_by_number, pg_temp.cell_by_place")
    every = session.one("select count(*) as cells from hidden").cells
    log.info("%s: %d values are below %d; %d more are suppressed", day, small, least, every - small)


def _hide_beginnings(session: Session, least: int) -> None:
    """Hide communes and members of a period whose province has counted only a few in it: totals
    since the beginning, of today and of the day before the period, tell how few."""
    session.run(sql_file("disclosure/begun.sql"), least=least)
    session.run(sql_file("disclosure/hide_begun.sql"))
    session.run(
        "update cell set is_rounded = false where is_rounded and cell_id in "
        "(select hidden.cell_id from hidden)"
    )


def _complement(session: Session, least: int) -> None:
    """Until no sum tells a hidden value. Every round hides something or is the last."""
    session.run(sql_file("disclosure/sums.sql"))
    session.run("create index on summed (cell_id)")
    session.run("create index on summed (sum_id)")
    for table in ("summed", "linked", "hidden"):
        session.run(f"analyze {table}")
    implied, complement = (sql_file(f"disclosure/{n}.sql") for n in ("implied", "complement"))
    while session.run(implied) + session.run(complement, least=least):
        session.run("analyze hidden")


def read_links() -> list[Link]:
    """What KPIs say about each other, for each period that both have. Raises ContractError naming
    the file and the column."""
    return by_period(families(), link_table())


def link_table() -> list[Link]:
    """What KPIs say about each other, as the table of it has it."""
    return read_table(_LINKS, Link)


def links_on(day: date, known: Sequence[Family], links: Sequence[Link]) -> tuple[Link, ...]:
    """What KPIs of these families say about each other on a day, from the table of it: for each
    period that both have, with what follows for what is hidden."""
    found = by_period(known, links)
    return (*found, *implications(found), *between_periods(day, known))


def by_period(known: Sequence[Family], links: Sequence[Link]) -> list[Link]:
    """The links, and the same for each period that both KPIs have."""
    codes = {kpi.code for kpi in _kpis(known)}
    further = [
        msgspec.structs.replace(link, kpi_code=one, linked_code=other)
        for link in links
        for period in periods.BOUNDED
        if (one := f"{link.kpi_code}.{period}") in codes
        and (other := f"{link.linked_code}.{period}") in codes
    ]
    return [*links, *further]


def _kpis(known: Sequence[Family]) -> Iterator[Kpi]:
    return (kpi for family in known for kpi in family.kpis)


def between_periods(day: date, known: Sequence[Family]) -> Iterator[Link]:
    """What has to be hidden with what because it is the same KPI of other days: a period with all
    that was counted since the beginning, and periods that began on one day with each other."""
    for kpi in _kpis(known):
        if kpi.counted_as != kpi.code:
            yield _implies((kpi.counted_as, ""), (kpi.code, ""))
    for one, other in same_days(day, known):
        yield _implies((one, ""), (other, ""))
        yield _implies((other, ""), (one, ""))


def same_days(day: date, known: Sequence[Family]) -> Iterator[tuple[str, str]]:
    """Pairs of KPIs that count the same facts of the same days, as a month's and its quarter's."""
    starts = (
        (kpi.base, kpi.code, family.starts_on(kpi, day)) for family in known for kpi in family.kpis
    )
    return periods.coinciding(starts)


def implications(links: Sequence[Link]) -> Iterator[Link]:
    """What has to be hidden with what, because a number of the one is a number of the other.

    The whole of a share needs no hiding: what it counts may be anything up to it.
    """
    parts = [link for link in links if link.kind == "part"]
    for link in links:
        if link.kind in ("equal", "part") and link.number != "whole":
            yield link.implies()
        if link.kind == "equal" and link.linked_number != "whole":
            yield link.implies(backwards=True)
    for one, other in permutations(parts, 2):
        if (one.kpi_code, one.linked_members) == (other.kpi_code, other.linked_members):
            yield _implies(
                (one.linked_code, one.linked_breakdown), (other.linked_code, other.linked_breakdown)
            )


def _links(session: Session, links: Sequence[Link]) -> None:
    """What KPIs say about each other, as temporary table ``linked``."""
    columns = Link.__struct_fields__
    session.run(
        f"""create temporary table linked ({", ".join(f"{name} text" for name in columns)})
            on commit drop"""
    )
    arrays = ", ".join(f"cast(:{name} as text [])" for name in columns)
    session.run(
        f"insert into linked select * from unnest({arrays})",
        **{name: [getattr(link, name) for link in links] for name in columns},
    )
