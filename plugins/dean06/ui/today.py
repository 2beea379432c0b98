"""Today: is every source in, and if not, why, and which task to clear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from dean06 import contract, settings
from dean06.contract import Contract, Dataset
from dean06.failures.causes import Explanation, Particulars, explain, particulars
from dean06.load import stops
from dean06.load.steps import State
from dean06.load.stops import Stop
from dean06.ui.held import rules_of as held_rules_of
from dean06.warehouse import Session, sql_file
from dean06.watch import everything, freshness, problems
from dean06.watch.freshness import Freshness
from dean06.watch.problem import Kind, Problem

Standing = Literal["fine", "running", "red", "none"]

STRIP_DAYS = 30

_SHOWN_BY_SOURCE = {Kind.STALE, Kind.HELD, Kind.UNFINISHED, Kind.FAILED}


@dataclass(frozen=True)
class Cell:
    """One day of a strip."""

    day: date
    state: Literal["published", "rejects", "held", "failed", "running", "none"]
    run_key: str | None


@dataclass(frozen=True)
class DatasetToday:
    """How one dataset stands."""

    dataset: Dataset
    state: Standing
    books: Any
    """Row of ``today_datasets.sql``; None when no run has asked for the dataset."""
    strip: tuple[Cell, ...]
    stop: Stop | None
    """Where its newest try stopped."""
    why: Explanation | None
    """What stopped it, where that is known."""
    particulars: Particulars | None
    """What exactly happened."""
    held_by: tuple[Any, ...]
    """Rules that hold its batch (``held_rules.sql``)."""

    @property
    def loaded(self) -> int | None:
        """Records of the last publication that went into core or stood there already."""
        if self.books is None or self.books.received_count is None:
            return None
        return int(self.books.received_count - self.books.quarantined_count)


@dataclass(frozen=True)
class SourceToday:
    """How one source stands."""

    agreed: Contract
    freshness: Freshness
    datasets: tuple[DatasetToday, ...]

    @property
    def state(self) -> Standing:
        """The worst of its datasets; red also when its service level is broken."""
        return "red" if self.freshness.is_stale else worst(each.state for each in self.datasets)


@dataclass(frozen=True)
class Today:
    """The page."""

    sources: tuple[SourceToday, ...]
    problems: tuple[Problem, ...]
    """Problems of KPIs, row counts and credentials; the others show by source."""
    days: tuple[date, ...]
    checked_at: datetime | None
    """When the watchdog last looked."""

    @property
    def red(self) -> tuple[SourceToday, ...]:
        """Sources that need attention."""
        return tuple(source for source in self.sources if source.state == "red")

    @property
    def state(self) -> Standing:
        """The worst of all sources; red also for what is wrong elsewhere."""
        return "red" if self.problems else worst(source.state for source in self.sources)

    @property
    def to_look_at(self) -> int:
        """How many things are wrong."""
        return len(self.red) + len(self.problems)


def worst(states: Iterable[Standing]) -> Standing:
    """Of several states the one to show for all of them."""
    found = set(states)
    order: tuple[Standing, ...] = ("red", "running", "none")
    return next((state for state in order if state in found), "fine")


def read(session: Session, now: datetime) -> Today:
    """Everything the page shows, at a moment."""
    days = _days(session, now)
    books = {
        (row.source_code, row.dataset_code): row
        for row in session.rows(sql_file("ui/today_datasets.sql"))
    }
    told = session.rows(sql_file("ui/today_strip.sql"), first_day=days[0], last_day=days[-1])
    by_day = {(row.source_code, row.dataset_code, row.day): row for row in told}
    pending = (row.pending_load_id for row in books.values() if row.pending_load_id is not None)
    stopped = stops.of_loads(session, pending)
    held = held_rules_of(
        session,
        [row.pending_load_id for row in books.values() if row.pending_status == State.HELD],
    )
    sources = []
    for level in freshness.of_sources(session, now):
        agreed = contract.load(level.source)
        datasets = tuple(
            _dataset(
                dataset, books.get((level.source, dataset.name)), by_day, days, now, held, stopped
            )
            for dataset in agreed.datasets
        )
        sources.append(SourceToday(agreed, level, datasets))
    found = everything.detect(session, now).problems
    others = tuple(problem for problem in found if problem.kind not in _SHOWN_BY_SOURCE)
    last_round = session.one("select checked_at from ops.watchdog")
    return Today(tuple(sources), others, days, last_round.checked_at if last_round else None)


def _days(session: Session, now: datetime) -> tuple[date, ...]:
    """The days of the strips: up to the last one asked for, or yesterday where syncs are owed."""
    last = session.one("select max(day) as day from ops.load").day
    yesterday = now.astimezone(settings.TIMEZONE).date() - timedelta(days=1)
    if last is None or settings.scheduled_from() <= yesterday:
        last = max(last or yesterday, yesterday)
    return tuple(last - timedelta(days=ago) for ago in reversed(range(STRIP_DAYS)))


def _dataset(
    dataset: Dataset,
    books: Any,
    by_day: Mapping[tuple[str, str, date], Any],
    days: tuple[date, ...],
    now: datetime,
    held: Mapping[int, tuple[Any, ...]],
    stopped: Mapping[int, Stop],
) -> DatasetToday:
    strip = tuple(_cell(day, by_day.get((dataset.source, dataset.name, day))) for day in days)
    return DatasetToday(
        dataset=dataset,
        state=_state(books, now),
        books=books,
        strip=strip,
        stop=stopped.get(books.pending_load_id) if books else None,
        why=explain(books.pending_cause_code) if books and books.pending_cause else None,
        particulars=_particulars(books),
        held_by=held.get(books.pending_load_id, ()) if books else (),
    )


def _particulars(books: Any) -> Particulars | None:
    if books is None:
        return None
    return particulars(
        books.pending_cause, books.pending_detail_code, books.pending_detail_parameters
    )


def _state(books: Any, now: datetime) -> Standing:
    if books is None:
        return "none"
    if books.pending_status is None:
        return "fine" if books.is_balanced else "red"
    is_stuck = books.pending_opened_at < now - problems.STUCK_AFTER
    if books.pending_status == State.HELD or books.pending_cause or is_stuck:
        return "red"
    return "running"


def _cell(day: date, row: Any) -> Cell:
    if row is None:
        return Cell(day, "none", None)
    if row.status == State.PUBLISHED:
        return Cell(day, "rejects" if row.quarantined_count else "published", row.run_key)
    if row.status == State.HELD:
        return Cell(day, "held", row.run_key)
    return Cell(day, "failed" if row.has_cause else "running", row.run_key)
