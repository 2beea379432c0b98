"""Backfill: past days of one source, requested again by plan and loaded one after the other.

The ledger is the only state: a day of a backfill is a run, whose key names its backfill. Started
again, the same backfill continues after the last published day.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from psycopg2 import sql

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.load import ledger
from dean06.load.extract import export_wait, extract, request_export
from dean06.load.ledger import Window
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.recovery import restore, restore_source
from dean06.load.stage import stage
from dean06.load.steps import BACKFILL
from dean06.load.validate import validate
from dean06.sources import Endpoint
from dean06.warehouse import transaction

MOST_DAYS = 1000
"""Of one backfill: Airflow maps a task over at most 1,024 of them."""

_COUNTS = ("received", "inserted", "updated", "unchanged", "deleted", "superseded", "quarantined")


@dataclass(frozen=True)
class Request:
    """A window of a dataset that a backfill asks its source for."""

    dataset: Dataset
    day: date
    window: Window


@dataclass(frozen=True)
class Plan:
    """What a backfill will ask for."""

    source: str
    first: date
    last: date
    key: str
    """Begins the run keys of its days."""
    done: tuple[date, ...]
    """Days that it has loaded already."""
    requests: tuple[Request, ...]
    """What is left, day by day."""

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are left."""
        return tuple(sorted({request.day for request in self.requests}))

    @property
    def number_of_days(self) -> int:
        """All its days, loaded or not."""
        return (self.last - self.first).days + 1

    def run_key(self, day: date) -> str:
        """The run that loads a day."""
        return f"{self.key}{day}"

    @property
    def run_keys(self) -> list[str]:
        """The runs of all its days, loaded or not."""
        return [self.run_key(day) for day in _days(self.first, self.last)]


def plan(source: str, first: date, last: date, key: str | None = None) -> Plan:
    """The backfill of a source from one day to another, both included.

    ``key``: of a backfill of its own, such as a run of Airflow; without, the last one of the same
    days goes on if it has not ended. Raises Dean06Error for days that are no such range, and
    ContractError for an unknown source.
    """
    datasets = contract.load(source).datasets
    if last < first:
        raise Dean06Error(detail("backfill_backwards", first=first, last=last))
    if settings.end_of(last) > datetime.now(settings.TIMEZONE):
        raise Dean06Error(detail("backfill_not_ended", last=last))
    days = _days(first, last)
    if len(days) > MOST_DAYS:
        raise Dean06Error(detail("backfill_too_long", days=len(days), most=MOST_DAYS))
    prefix = f"{BACKFILL}{first}__{last}__"
    key = key or _unfinished(source, prefix, len(days)) or f"{prefix}{_stamp()}__"
    done = _done(source, key)
    left = [day for day in days if day not in done]
    return Plan(source, first, last, key, tuple(sorted(done)), tuple(_requests(datasets, left)))


def earliest_day(planned: Plan) -> date:
    """The earliest day that core's records of the windows date from, at most the first day.

    Reads the tables of the source; a record that core does not have yet may date from before.
    """
    found = [planned.first]
    with transaction() as session:
        for dataset in contract.load(planned.source).datasets:
            windows = [r.window for r in planned.requests if r.dataset.name == dataset.name]
            if not windows:
                continue
            [(day,)] = session.compose_rows(
                """select min({dated_by})::date from {core}
                   where {version} > {since} and {version} <= {until}""",
                dated_by=sql.Identifier(dataset.dated_by),
                core=sql.Identifier("core", dataset.table),
                version=sql.Identifier(dataset.version),
                since=sql.Literal(_moment(windows[0].since)),
                until=sql.Literal(_moment(windows[-1].until)),
            )
            found += [day] if day else []
    return min(found)


def loaded_days(planned: Plan) -> set[date]:
    """The days that the backfill has published by now."""
    return _done(planned.source, planned.key)


def load_day(
    endpoint: Endpoint,
    planned: Plan,
    day: date,
    validated: Callable[[Dataset, str], object],
    wait: Callable[[float], None] = time.sleep,
) -> dict[str, dict[str, int]]:
    """Load a day as its DAG would; the row counts by dataset.

    ``validated`` is called with each dataset and run whose rules have been evaluated. Raises what
    the steps raise: the days before this one are published, it and those after it are not.
    """
    run_key, agreed = planned.run_key(day), contract.load(planned.source)
    for dataset in agreed.datasets:
        if agreed.terms.is_export:
            request_export(endpoint, dataset, run_key, day)
            while seconds := export_wait(endpoint, dataset, run_key):
                wait(seconds)
        for shard in extract(endpoint, dataset, run_key, day):
            stage(dataset, run_key, shard)
            restore(dataset, run_key, shard)
            if validate(dataset, run_key, shard):
                validated(dataset, run_key)
        restore(dataset, run_key)
        quarantine(dataset, run_key)
    restore_source(planned.source, run_key)
    publish(planned.source, run_key)
    return counts(planned, day)


def counts(planned: Plan, day: date) -> dict[str, dict[str, int]]:
    """The row counts of a loaded day by dataset; those that are 0 are left out."""
    columns = ", ".join(f"{name}_count as {name}" for name in _COUNTS)
    with transaction() as session:
        rows = session.rows(
            f"""select dataset_code, {columns} from ops.load
                where source_code = :source and run_key = :run and status = 'published'
                order by dataset_code""",
            source=planned.source,
            run=planned.run_key(day),
        )
    return {
        row.dataset_code: {name: getattr(row, name) for name in _COUNTS if getattr(row, name)}
        for row in rows
    }


def _requests(datasets: Sequence[Dataset], days: Sequence[date]) -> list[Request]:
    """As ``ledger`` will choose the windows, one day after the other."""
    found = []
    for dataset in datasets:
        with transaction() as session:
            reached = ledger.watermark(session, dataset)
        for day in days:
            window = ledger.window_after(reached, day)
            reached = max(filter(None, (reached, window.until)))
            found.append(Request(dataset, day, window))
    return sorted(found, key=lambda request: request.day)


def _unfinished(source: str, prefix: str, days: int) -> str | None:
    """The key of the newest backfill of these days, if not all of them are published."""
    with transaction() as session:
        row = session.one(
            """select left(run_key, -10) as key,
                      count(distinct day) filter (where status = 'published') as done
               from ops.load
               where source_code = :source and starts_with(run_key, :prefix)
               group by 1 order by 1 desc limit 1""",
            source=source,
            prefix=prefix,
        )
    return str(row.key) if row and row.done < days else None


def _done(source: str, key: str) -> set[date]:
    """The days that the backfill has published; a source publishes all its datasets at once."""
    with transaction() as session:
        return {
            row.day
            for row in session.rows(
                """select distinct day from ops.load where source_code = :source
                   and starts_with(run_key, :key) and status = 'published'""",
                source=source,
                key=key,
            )
        }


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}"


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else "-infinity"
