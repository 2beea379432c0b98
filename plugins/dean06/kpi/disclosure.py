"""Small counts stay out of publications, and so does whatever would tell them.

A count of one to four persons in a commune is a neighbour. Such values are hidden, and with them as
many others as it takes that no total, no part, no other KPI and no other boundaries give them away
(complementary suppression). Decided once, when a build becomes a publication, in SQL over temporary
tables; what is hidden goes to ``ops.kpi_withheld`` and never into mart. Rules and limits:
``docs/decisions/0021-small-cells.md``.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import permutations
from typing import Literal

from dean06 import settings
from dean06.declaration import Declaration, read_table
from dean06.warehouse import Session, sql_file

log = logging.getLogger(__name__)

_LINKS = settings.REFERENCE / "linked_kpis.csv"


class Link(Declaration, frozen=True):
    """A row of ``linked_kpis.csv``: what one KPI says about another."""

    kind: Literal["equal", "part", "implies", "sum", "rest", "together"]
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


def conceal(session: Session, day: date) -> None:
    """Decide what of ``built`` is not published: temporary tables ``cell`` and ``hidden``.

    Needs ``built``, ``definition`` and ``unit_of_day``.
    """
    least = settings.smallest_shown_count()
    _links(session)
    session.run(sql_file("disclosure/cells.sql"), as_of=day)
    session.run("create unique index on cell (cell_id)")
    # Cells are met by what they are as often as by their number.
    session.run("create index on cell (kpi_code, breakdown, unit_code, member_code)")
    session.run("create temporary table hidden (cell_id bigint primary key) on commit drop")
    small = session.run(sql_file("disclosure/small.sql"), least=least)
    if small:
        session.run(sql_file("disclosure/together.sql"))
        _complement(session, least)
    every = session.one("select count(*) as cells from hidden").cells
    log.info("%s: %d values are below %d, %d hidden with them", day, small, least, every - small)


def _complement(session: Session, least: int) -> None:
    """Until no sum tells a hidden value. Every round hides something or is the last."""
    session.run(sql_file("disclosure/sums.sql"))
    session.run("create index on summed (cell_id)")
    session.run("create index on summed (sum_id)")
    for table in ("cell", "summed", "linked", "hidden"):
        session.run(f"analyze {table}")
    implied, complement = (sql_file(f"disclosure/{n}.sql") for n in ("implied", "complement"))
    while session.run(implied) + session.run(complement, least=least):
        session.run("analyze hidden")


def read_links() -> list[Link]:
    """What KPIs say about each other. Raises ContractError naming the file and the column."""
    return read_table(_LINKS, Link)


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


def _links(session: Session) -> None:
    """What KPIs say about each other, as temporary table ``linked``."""
    links, columns = read_links(), Link.__struct_fields__
    links += implications(links)
    session.run(
        f"""create temporary table linked ({", ".join(f"{name} text" for name in columns)})
            on commit drop"""
    )
    arrays = ", ".join(f"cast(:{name} as text [])" for name in columns)
    session.run(
        f"insert into linked select * from unnest({arrays})",
        **{name: [getattr(link, name) for link in links] for name in columns},
    )
