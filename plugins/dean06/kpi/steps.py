"""Steps: by how much each count of a family goes up or down on a day, kept in ``ops.kpi_step``.

One scan of a family's spans serves every day: the counts of a day are the sum of the steps up to
it. When loads and verdicts have changed a few things since, their steps alone are replaced
(``touched``). When the query or reference data have changed, or much has, all are counted again.
Steps are kept in the transaction that uses them, so they always say what its snapshot holds.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from dean06 import settings
from dean06.kpi import basis, counting, side_by_side, totals, touched
from dean06.kpi.basis import BOUNDARIES
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.kpi.news import News, held, news_of
from dean06.kpi.side_by_side import Beside
from dean06.kpi.touched import Touched
from dean06.warehouse import Session, sql_file

log = logging.getLogger(__name__)

_OF_ROWS, _OF_PERSONS = "kpi_build/steps.sql", "kpi_build/steps_of_persons.sql"
WORTH_DAYS = 3
"""All days together cost about three times as much as one (docs/decisions/0047-steps.md)."""
WORTH_RECORDS = 200_000
"""Of fewer, one day is counted from spans in a moment."""


@dataclass(frozen=True)
class _Due:
    """What is to be done with the steps of families that keep them."""

    current: list[Family]
    touched: list[Family]
    whole: list[Family]


def count(session: Session, day: date, wanted: Sequence[Family], days: int) -> None:
    """Add the values of the families on the day to ``built``.

    ``days``: how many of them the caller is going to count, this one among them. Raises AuditError
    naming a family's file when PostgreSQL cannot run its query.
    """
    session.sort_in_memory()
    with _beside(session, day) as others:
        kept = keep(session, day, wanted, days, others)
    totals_on = totals.days(session) if kept else {}
    with session.by_hash():
        for family in wanted:
            counting.count(
                session,
                day,
                family,
                from_spans=family.name not in kept,
                totals_on=totals_on.get(family.name),
            )


@contextmanager
def _beside(session: Session, day: date) -> Iterator[Beside | None]:
    """Sessions beside this one; None where there is little to count, or one session is to do."""
    sessions = settings.kpi_sessions()
    if sessions < 2 or not _is_large(session):
        yield None
    else:
        with side_by_side.beside(session, day, sessions) as others:
            yield others


def _is_large(session: Session) -> bool:
    return sum(count for _, count in held(session)) >= WORTH_RECORDS


def keep(
    session: Session,
    day: date,
    wanted: Sequence[Family],
    days: int,
    others: Beside | None = None,
) -> frozenset[str]:
    """Names of the families whose kept steps are of this snapshot.

    Steps of what changed since are replaced. All steps of a family are counted when they will serve
    enough ``days``, this one among them, or there are many records: by ``others``, if there are
    any. ``day`` is named in errors: raises AuditError when PostgreSQL cannot run a query.
    """
    by_steps = [family for family in wanted if counting.keeps_steps(family)]
    known = _known(session)
    are_worth = days >= WORTH_DAYS or _is_large(session)
    if not (known or are_worth):
        return frozenset()  # Nothing is kept that could be brought up to date.
    states, news = _states(session, by_steps), news_of(session)
    due = _due(by_steps, known, states, news)
    _replace(session, day, due.touched, news, others)
    if are_worth and due.whole:
        _count_all(session, day, due.whole, others, is_first=not known)
    of_no_use = _of_no_use(known, [] if are_worth else due.whole)
    _forget(session, of_no_use)
    kept = due.current + due.touched + (due.whole if are_worth else [])
    if due.touched or (due.whole and are_worth):
        log.info(
            "%s: daily changes computed for %d of %d KPI files, updated for %d",
            day, len(due.whole) if are_worth else 0, len(by_steps), len(due.touched),
        )  # fmt: skip
    counted = {family.name: states[family.name] for family in kept}
    standing = {name: known[name] for name in known if name not in of_no_use}
    _note(session, _without_news(standing, news) | counted, known, news)
    totals.bring_near(session, counted, day)
    return frozenset(family.name for family in kept)


def current(session: Session) -> tuple[list[Family], int]:
    """The families whose kept steps are of this snapshot, and the number of those that are due."""
    known = _known(session)
    by_steps = [family for family in families() if counting.keeps_steps(family)]
    due = _due(by_steps, known, _states(session, by_steps), news_of(session))
    return due.current, len(known) - len(due.current)


def query_of(family: Family) -> str:
    """The query that counts a family's steps; its parameters are ``family`` and ``borders``."""
    if family.counts == "persons":
        return sql_file(_OF_PERSONS).replace("{facts}", family.spans)
    return (
        sql_file(_OF_ROWS)
        .replace("{place}", f"{family.located_by}_code")
        .replace("{facts}", family.counts_of_spans)
    )


def borders() -> list[date]:
    """Days from which KPIs count, and so begin their first period."""
    return sorted({kpi.counts_from for f in families() for kpi in f.kpis if kpi.counts_from})


def forget(session: Session) -> None:
    """Have the next build count all steps again."""
    session.run("delete from ops.kpi_step_family")


def _due(
    by_steps: Sequence[Family],
    known: dict[str, str],
    states: dict[str, str],
    news: dict[str, News],
) -> _Due:
    due = _Due([], [], [])
    for family in by_steps:
        fresh = news.get(family.name, News()).of(family)
        if known.get(family.name) != states[family.name] or fresh.needs_all(family):
            due.whole.append(family)
        elif fresh.is_nothing:
            due.current.append(family)
        else:
            due.touched.append(family)
    return due


def _known(session: Session) -> dict[str, str]:
    """The families with kept steps, and the digests that they have."""
    rows = session.rows("select family, state_digest from ops.kpi_step_family")
    return {row.family: row.state_digest for row in rows}


def _replace(
    session: Session,
    day: date,
    due: Sequence[Family],
    news: dict[str, News],
    others: Beside | None,
) -> None:
    """Replace the steps of touched things: families that share a key, and what is new to them,
    share the work of finding these. ``others`` count the groups side by side."""
    if not due:
        return
    groups: dict[tuple[str, News], list[Family]] = defaultdict(list)
    for family in due:
        groups[family.independent_by or "", news[family.name]].append(family)
    session.run("create temporary table change (like ops.kpi_step) on commit drop")
    wanted = [
        (
            Touched(key, touched.datasets_of(members), fresh.loads, fresh.verification),
            [(family, query_of(family)) for family in members],
        )
        for (key, fresh), members in groups.items()
    ]
    if others:
        divided = [
            (share, queries)
            for found, queries in wanted
            for share in found.in_shares(others.sessions)
        ]
        side_by_side.add_changes(session, others, divided, borders=borders())
    else:
        for found, queries in wanted:
            touched.add_changes(session, day, found, queries, borders=borders())
    session.run(counting.summed("kpi_touched/change_steps.sql", "change"))
    totals.change(session, "change")
    session.run("drop table change")
    session.run("delete from ops.kpi_step where counted = 0 and considered = 0")


def _count_all(
    session: Session, day: date, due: Sequence[Family], others: Beside | None, *, is_first: bool
) -> None:
    """Count all steps of families, whose index is made afterwards where nothing is kept yet."""
    if is_first:
        session.run("delete from ops.kpi_step")
        session.run("delete from ops.kpi_step_total")
        session.run("select ops.index_steps(is_wanted => false)")
    else:
        names = [family.name for family in due]
        session.run("delete from ops.kpi_step where family = any(:names)", names=names)
        totals.forget(session, names)
    if others:
        queries = [(family, query_of(family)) for family in due]
        side_by_side.add_steps(session, others, queries, borders=borders())
    else:
        with session.by_hash():
            for family in due:
                query = query_of(family)
                counting.add(session, day, family, "ops.kpi_step", query, borders=borders())
    if is_first:
        session.run("select ops.index_steps(is_wanted => true)")


def _of_no_use(known: dict[str, str], not_worth: Sequence[Family]) -> list[str]:
    """Families whose kept steps no build will bring up to date: those that nobody defines any more,
    and those that would have to be counted as a whole."""
    defined = {family.name for family in families()}
    return sorted(known.keys() & (known.keys() - defined | {each.name for each in not_worth}))


def _forget(session: Session, names: Sequence[str]) -> None:
    """Keep their steps no longer: for their sake, core keeps what loads and runs replace."""
    for table in ("kpi_step_family", "kpi_step", "kpi_step_total") if names else ():
        session.run(f"delete from ops.{table} where family = any(:names)", names=list(names))


def _without_news(known: dict[str, str], news: dict[str, News]) -> dict[str, str]:
    """Families that the new data do not change, including those not requested now."""
    return {
        family.name: known[family.name]
        for family in families()
        if family.name in known and news.get(family.name, News()).of(family).is_nothing
    }


def _note(
    session: Session, kept: dict[str, str], known: dict[str, str], news: dict[str, News]
) -> None:
    """Record the state that the kept steps were counted from, unless it is recorded already."""
    changed = {name for name in kept if known.get(name) != kept[name] or name in news}
    if changed:
        session.run(
            sql_file("kpi_build/note_steps.sql"),
            families=sorted(changed),
            states=[kept[name] for name in sorted(changed)],
        )


def _states(session: Session, wanted: Sequence[Family]) -> dict[str, str]:
    """Of each family, a digest of its query and of the reference data that it reads."""
    read = basis.digests_of(session, BOUNDARIES.union(*(family.relations for family in wanted)))
    dates = json.dumps([str(day) for day in borders()])
    how = {"rows": sql_file(_OF_ROWS) + dates, "persons": sql_file(_OF_PERSONS)}
    return {
        family.name: hashlib.sha256(
            json.dumps(
                [how[family.counts], family.counts_of_spans]
                + [[name, read.get(name)] for name in sorted(family.relations | BOUNDARIES)]
            ).encode()
        ).hexdigest()
        for family in wanted
    }
