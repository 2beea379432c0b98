"""The metrics of the ledger: one query, or one list of the watchdog's, for each family.

Queries are ``include/sql/metrics/<name>.sql``; held batches and failed loads are counted by the
watchdog's own queries, so that both mean the same.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

import dean06
from dean06 import contract, settings
from dean06.warehouse import Session, sql_file, transaction
from dean06.watch import freshness, problems
from dean06.watch.problem import Kind

READER = "dean06_ui"
"""The role that reads: ledger and mart, no identities."""
_LONGEST = timedelta(seconds=10)
"""A query that takes longer is ended: a scrape must not hold the warehouse up."""
_BY_DATASET = ("source", "dataset")


@dataclass(frozen=True)
class _Query:
    """A file of ``include/sql/metrics`` whose rows are label values and ``value``."""

    file: str
    name: str
    text: str
    labels: tuple[str, ...] = ()
    counts_up: bool = False


_QUERIES = (
    _Query("loads", "dean06_loads", "Loads in the ledger, by state.", (*_BY_DATASET, "state")),
    _Query(
        "received_records",
        "dean06_load_received_records",
        "Records received in published loads.",
        _BY_DATASET,
        counts_up=True,
    ),
    _Query(
        "load_records",
        "dean06_load_records",
        "Records of published loads, by outcome; outcomes add up to the records received.",
        (*_BY_DATASET, "outcome"),
        counts_up=True,
    ),
    _Query(
        "last_load",
        "dean06_last_load_timestamp_seconds",
        "When the dataset was published last.",
        _BY_DATASET,
    ),
    _Query(
        "step_durations",
        "dean06_step_duration_seconds",
        "Duration of the newest run of a step. sync: from opening a load to its publication, with "
        "pauses and retries; extract: the part until its last file had landed.",
        ("step", *_BY_DATASET),
    ),
    _Query("builds", "dean06_kpi_builds", "KPI builds, by state.", ("state",)),
    _Query(
        "watchdog",
        "dean06_watchdog_last_check_timestamp_seconds",
        "When the watchdog last finished a check.",
    ),
    _Query(
        "schema_version",
        "dean06_schema_version",
        "Number of the newest migration.",
    ),
)


class LedgerCollector(Collector):
    """Reads the ledger whenever Prometheus asks. ``collect`` raises WarehouseError when it
    cannot."""

    def collect(self) -> Iterator[Metric]:
        """Every family, of one moment."""
        now = datetime.now(settings.TIMEZONE)
        # Every query sees the same moment, and none can write, whatever the role may do.
        with transaction(READER, "REPEATABLE READ") as session:
            session.run("set local transaction_read_only = on")
            session.run("select set_config('statement_timeout', :longest, true)", longest=_millis())
            found = [*_families(session, now)]
        yield InfoMetricFamily(
            "dean06_build", "Version of dean06.", {"version": dean06.__version__}
        )
        yield from found

    def describe(self) -> list[Metric]:
        """Nothing: registering reads no ledger."""
        return []


def _millis() -> str:
    return str(int(_LONGEST / timedelta(milliseconds=1)))


def _families(session: Session, now: datetime) -> Iterator[Metric]:
    for query in _QUERIES:
        yield _queried(session, query)
    yield from _publications(session)
    yield from _freshness(session, now)
    yield _counted(
        "dean06_held_batches",
        "Batches that wait for their agency.",
        session.rows(sql_file("watch/held.sql")),
    )
    yield _counted(
        "dean06_failed_loads",
        "Loads in which a step failed and which no later load has replaced.",
        session.rows(sql_file("watch/failed.sql"), before=now - problems.RETRIED_FOR, stopped=[]),
    )
    yield _open_problems(session)


def _queried(session: Session, query: _Query) -> Metric:
    make = CounterMetricFamily if query.counts_up else GaugeMetricFamily
    family = make(query.name, query.text, labels=query.labels)
    for row in session.rows(sql_file(f"metrics/{query.file}.sql")):
        family.add_metric([getattr(row, label) for label in query.labels], float(row.value))
    return family


def _counted(name: str, text: str, loads: list[Any]) -> Metric:
    """How many loads of each dataset there are in a list; 0 where there are none."""
    counts = Counter({(dataset.source, dataset.name): 0 for dataset in contract.datasets()})
    counts.update((load.source_code, load.dataset_code) for load in loads)
    family = GaugeMetricFamily(name, text, labels=_BY_DATASET)
    for (source, dataset), count in sorted(counts.items()):
        family.add_metric([source, dataset], count)
    return family


def _publications(session: Session) -> Iterator[Metric]:
    row = session.one(sql_file("metrics/publications.sql"))
    yield CounterMetricFamily(
        "dean06_kpi_publications", "Publications of KPIs.", float(row.publications)
    )
    for name, text, moment in (
        ("last_publication", "When KPIs were published last.", row.published_at),
        ("data", "End of the newest day with published KPIs.", row.reached),
    ):
        family = GaugeMetricFamily(f"dean06_kpi_{name}_timestamp_seconds", text)
        if moment is not None:
            family.add_metric([], float(moment))
        yield family


def _freshness(session: Session, now: datetime) -> Iterator[Metric]:
    reached = GaugeMetricFamily(
        "dean06_source_data_timestamp_seconds",
        "Time up to which all datasets of the source are in the warehouse.",
        labels=("source",),
    )
    agreed = GaugeMetricFamily(
        "dean06_source_freshness_limit_seconds",
        "Age that the contract allows the data of the source to have.",
        labels=("source",),
    )
    stale_after = GaugeMetricFamily(
        "dean06_source_stale_after_timestamp_seconds",
        "Time at which the source becomes (or became) stale unless newer data arrive.",
        labels=("source",),
    )
    for level in freshness.of_sources(session, now):
        if level.reached is not None:
            reached.add_metric([level.source], level.reached.timestamp())
        agreed.add_metric([level.source], level.agreed.total_seconds())
        stale_after.add_metric([level.source], (now - level.age + level.agreed).timestamp())
    yield from (reached, agreed, stale_after)


def _open_problems(session: Session) -> Metric:
    family = GaugeMetricFamily(
        "dean06_open_problems", "Open problems that the watchdog detected.", labels=("kind",)
    )
    for row in session.rows(sql_file("metrics/problems.sql"), kinds=[kind.value for kind in Kind]):
        family.add_metric([row.kind], row.value)
    return family
