"""Today: is every source in, and if not, why, and which task to clear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from dean06 import contract, settings
from dean06.contract import Bilingual, Contract, Dataset
from dean06.failures.causes import explain
from dean06.failures.particulars import Particulars, particulars
from dean06.load import stops
from dean06.load.steps import PUBLISH, State
from dean06.load.stops import Stop
from dean06.ui.held import rules_of as held_rules_of
from dean06.warehouse import Session, sql_file
from dean06.watch import everything, freshness
from dean06.watch.freshness import Freshness
from dean06.watch.problem import Kind, Problem

Standing = Literal["fine", "running", "red", "none"]

STRIP_DAYS = 30

_ABOUT_LOADS = {Kind.HELD, Kind.UNFINISHED, Kind.FAILED}
"""Of these the page shows more than their message: rules, tasks, links."""


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
    meaning: Bilingual | None
    """What stopped it, where that is known: a clause."""
    why: Bilingual | None
    """The same with what to do about it: sentences."""
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
class Item:
    """One thing that needs attention."""

    problem: Problem
    source: SourceToday | None
    """Whose data are too old, where that is the problem."""
    dataset: DatasetToday | None
    """Whose newest load is the problem, where it is one."""


@dataclass(frozen=True)
class Today:
    """The page."""

    sources: tuple[SourceToday, ...]
    items: tuple[Item, ...]
    """What needs attention: the list that ``summary`` and ``watch --once`` count too."""
    reminders: tuple[Problem, ...]
    """Deadlines of agencies."""
    days: tuple[date, ...]
    checked_at: datetime | None
    """When the watchdog last looked."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems of the items."""
        return tuple(item.problem for item in self.items)

    @property
    def state(self) -> Standing:
        """Red where something needs attention, else the worst of all sources."""
        return "red" if self.items else worst(source.state for source in self.sources)


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
    found = everything.detect(session, now)
    sources = []
    for level in freshness.of_sources(session, now):
        agreed = contract.load(level.source)
        datasets = tuple(
            _dataset(
                dataset, books.get((level.source, dataset.name)), by_day, days, held, stopped,
                found.problems,
            )
            for dataset in agreed.datasets
        )  # fmt: skip
        sources.append(SourceToday(agreed, level, datasets))
    items = tuple(_item(problem, sources) for problem in found.problems)
    last_round = session.one("select checked_at from ops.watchdog")
    checked_at = last_round.checked_at if last_round else None
    return Today(tuple(sources), items, found.reminders, days, checked_at)


def _item(problem: Problem, sources: Iterable[SourceToday]) -> Item:
    source = next((each for each in sources if each.agreed.source == problem.source), None)
    if source is None:
        return Item(problem, None, None)
    if problem.kind is Kind.STALE:
        return Item(problem, source, None)
    return Item(problem, None, next((d for d in source.datasets if _shows(d, problem)), None))


def _shows(found: DatasetToday, problem: Problem) -> bool:
    """Whether the newest load of a dataset is the one that the problem is about."""
    books = found.books
    return (
        problem.kind in _ABOUT_LOADS
        and found.dataset.name == problem.dataset
        and books is not None
        and books.pending_run_key == problem.run_key
        and problem.load_id in (None, books.pending_load_id)
    )


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
    held: Mapping[int, tuple[Any, ...]],
    stopped: Mapping[int, Stop],
    problems: Iterable[Problem],
) -> DatasetToday:
    strip = tuple(_cell(day, by_day.get((dataset.source, dataset.name, day))) for day in days)
    stop = stopped.get(books.pending_load_id) if books else None
    is_stopped = bool(stop and books.pending_cause)
    return DatasetToday(
        dataset=dataset,
        state=_state(dataset, books, problems),
        books=books,
        strip=strip,
        stop=stop,
        meaning=explain(books.pending_cause_code).meaning if is_stopped else None,
        why=stop.why(books.pending_cause_code) if stop and is_stopped else None,
        particulars=_particulars(books),
        held_by=held.get(books.pending_load_id, ()) if books else (),
    )


def _particulars(books: Any) -> Particulars | None:
    if books is None:
        return None
    return particulars(
        books.pending_cause, books.pending_detail_code, books.pending_detail_parameters
    )


def _state(dataset: Dataset, books: Any, problems: Iterable[Problem]) -> Standing:
    """Red where the list of what needs attention has it: one that failed and is tried again by
    itself is running."""
    if any(_is_about(problem, dataset, books) for problem in problems):
        return "red"
    if books is None:
        return "none"
    return "fine" if books.pending_status is None else "running"


def _is_about(problem: Problem, dataset: Dataset, books: Any) -> bool:
    if problem.kind is Kind.FAILED_TASK:
        dag, _, task = (problem.step or "").partition(".")
        return dag == f"sync_{dataset.source}" and task.split(".")[0] in (
            dataset.name,
            PUBLISH.name,
        )
    if problem.source != dataset.source:
        return False
    if problem.kind is Kind.UNFINISHED:
        return books is not None and bool(books.pending_run_key == problem.run_key)
    return problem.kind in (*_ABOUT_LOADS, Kind.UNBALANCED) and problem.dataset == dataset.name


def _cell(day: date, row: Any) -> Cell:
    if row is None:
        return Cell(day, "none", None)
    if row.status == State.PUBLISHED:
        return Cell(day, "rejects" if row.quarantined_count else "published", row.run_key)
    if row.status == State.HELD:
        return Cell(day, "held", row.run_key)
    return Cell(day, "failed" if row.has_cause else "running", row.run_key)
