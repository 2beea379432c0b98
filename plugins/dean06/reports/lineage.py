"""Lineage: what made what, with row counts, as OpenLineage events (https://openlineage.io/spec).

Events are made from the ledger alone, so they can be made again. What could not be sent now is
sent next time: ``ops.lineage_told`` lists what was. A receiver may get one run twice, under the
same run id. Names of tables, columns and files, counts and causes; never a value of a record.

Without OpenLineage's own settings (``OPENLINEAGE_URL``, ``openlineage.yml``) events are appended to
a file, ``DEAN06_LINEAGE``.
"""

import logging
import os
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from openlineage.client import OpenLineageClient, set_producer
from openlineage.client.event_v2 import (
    InputDataset,
    Job,
    OutputDataset,
    Run,
    RunEvent,
    RunState,
)
from openlineage.client.facet_v2 import (
    column_lineage_dataset,
    data_quality_assertions_dataset,
    error_message_run,
    input_statistics_input_dataset,
    job_type_job,
    nominal_time_run,
    output_statistics_output_dataset,
    schema_dataset,
)
from openlineage.client.transport.file import FileConfig, FileTransport
from sqlalchemy import make_url

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.kpi.family import families
from dean06.kpi.front_matter import Family
from dean06.provinces import current
from dean06.reports.lineage_columns import Origins, Tables, origins_of_core, origins_of_values
from dean06.warehouse import Lock, Session, sql_file, transaction

log = logging.getLogger(__name__)

PRODUCER = "https://openlineage.io/producers/dean06"
NAMESPACE = "dean06"
_SETTINGS = ("OPENLINEAGE_URL", "OPENLINEAGE_CONFIG", "OPENLINEAGE__TRANSPORT__TYPE")


def tell() -> int:
    """Report all loads, verifications and publications not reported yet; return how many."""
    with transaction() as session:
        session.lock(Lock.LINEAGE)
        told = session.rows(sql_file("lineage/untold.sql"))
        if not told:
            return 0
        set_producer(PRODUCER)
        client, tables = _client(), _tables(session)
        for row in told:
            for event in _EVENTS[row.kind](session, row, tables):
                client.emit(event)
        client.close()
        session.run(
            """insert into ops.lineage_told (kind, id)
               select distinct * from unnest(cast(:kinds as text []), cast(:ids as bigint []))""",
            kinds=[row.kind for row in told],
            ids=[row.id for row in told],
        )
    log.info("lineage: reported %d loads, verifications and publications", len(told))
    return len(told)


def tell_if_possible() -> None:
    """As ``tell``, inside tasks: what was published stays published, whoever can hear of it."""
    try:
        tell()
    except (OSError, RuntimeError) as error:
        log.warning(
            "lineage: not sent this time (%s); the next task sends it, or "
            "`python -m dean06 lineage`",
            type(error).__name__,
        )


def _client() -> OpenLineageClient:
    if any(map(os.environ.get, _SETTINGS)) or Path("openlineage.yml").is_file():
        return OpenLineageClient()
    path = settings.lineage_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    return OpenLineageClient(transport=FileTransport(FileConfig(str(path), append=True)))


def _load_events(session: Session, row: Any, tables: Tables) -> Iterator[RunEvent]:
    """Landing → core and quarantine; a held load fails with its cause."""
    dataset = contract.load(row.source_code).dataset(row.dataset_code)
    landed = InputDataset(
        *_landing(dataset),
        inputFacets={
            "inputStatistics": input_statistics_input_dataset.InputStatisticsInputDatasetFacet(
                rowCount=row.received, size=row.bytes, fileCount=row.files
            ),
            "dataQualityAssertions": _assertions(session, row.id),
        },
    )
    written = [
        _output(f"core.{dataset.table}", row.stored, tables, _columns_of_core(dataset)),
        _output("ops.quarantine", row.rejected, tables),
    ]
    yield from _run(
        row, f"sync_{row.source_code}.{dataset.name}", [landed], [] if row.cause else written
    )


def _verification_events(session: Session, row: Any, tables: Tables) -> Iterator[RunEvent]:
    """Core of one dataset → verdicts."""
    del session
    source, _, name = row.dataset_code.partition(".")
    compared = contract.load(source).dataset(name)
    read = dict.fromkeys((f"core.{compared.table}", f"core.{contract.registry().table}"))
    written = [_output("core.identity_verdict", row.stored, tables)]
    yield from _run(row, f"verify_identities.{row.dataset_code}", map(_input, read), written)


def _publication_events(session: Session, row: Any, tables: Tables) -> Iterator[RunEvent]:
    """Core → KPI values: a run per family."""
    counts = {
        counted.kpi_code: counted.stored
        for counted in session.rows(
            """select kpi_code, count(*) as stored from mart.kpi_value
               where publication_id = :id group by kpi_code""",
            id=row.id,
        )
    }
    for family in families():
        if stored := sum(counts.get(code, 0) for code in family.codes):
            columns = _columns_of_values(family, tables)
            read = sorted(f"core.{table}" for table in family.tables)
            written = [_output("mart.kpi_value", stored, tables, columns)]
            yield from _run(row, f"build_kpis.{family.name}", map(_input, read), written)


_EVENTS = {
    "load": _load_events,
    "hold": _load_events,
    "verification": _verification_events,
    "publication": _publication_events,
}


def _run(
    row: Any, job: str, read: Iterable[InputDataset], written: list[OutputDataset]
) -> Iterator[RunEvent]:
    """The beginning and the end of one run of a job."""
    facets: dict[str, Any] = {
        "nominalTime": nominal_time_run.NominalTimeRunFacet(settings.end_of(row.day).isoformat())
    }
    run_id = str(uuid5(NAMESPACE_URL, f"{_warehouse()}/{row.kind}/{row.id}/{job}"))
    event = partial(
        RunEvent,
        producer=PRODUCER,
        job=Job(
            _namespace(), job, {"jobType": job_type_job.JobTypeJobFacet("BATCH", "DEAN06", "TASK")}
        ),
        inputs=list(read),
        outputs=written,
    )
    yield event(
        eventTime=row.began_at.isoformat(), eventType=RunState.START, run=Run(run_id, {**facets})
    )
    if row.cause:
        facets["errorMessage"] = error_message_run.ErrorMessageRunFacet(row.cause, "sql")
    yield event(
        eventTime=row.ended_at.isoformat(),
        eventType=RunState.FAIL if row.cause else RunState.COMPLETE,
        run=Run(run_id, facets),
    )


def _input(table: str) -> InputDataset:
    return InputDataset(*_table(table))


def _output(
    table: str, stored: int, tables: Tables, lineage: dict[str, Any] | None = None
) -> OutputDataset:
    schema, _, name = table.partition(".")
    fields = [
        schema_dataset.SchemaDatasetFacetFields(name=column, type=kind)
        for column, kind in tables[schema][name].items()
    ]
    facets: dict[str, Any] = {"schema": schema_dataset.SchemaDatasetFacet(fields=fields)}
    if lineage:
        facets["columnLineage"] = column_lineage_dataset.ColumnLineageDatasetFacet(fields=lineage)
    return OutputDataset(
        *_table(table),
        facets=facets,
        outputFacets={
            "outputStatistics": output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet(
                rowCount=stored
            )
        },
    )


def _assertions(session: Session, load_id: int) -> Any:
    """What each rule found in a load."""
    found = session.rows(
        """select rule_code, column_name, severity, is_success, unexpected_count, reason_en
           from ops.validation_result where load_id = :load order by rule_code, column_name""",
        load=load_id,
    )
    return data_quality_assertions_dataset.DataQualityAssertionsDatasetFacet(
        assertions=[
            data_quality_assertions_dataset.Assertion(
                assertion=rule.rule_code,
                success=rule.is_success,
                column=rule.column_name or None,
                severity="error" if rule.severity == "critical" else "warn",
                description=rule.reason_en,
                actual=f"{rule.unexpected_count} records",
            )
            for rule in found
        ]
    )


def _columns_of_core(dataset: Dataset) -> dict[str, Any]:
    agreed = contract.load(dataset.source)
    return _fields(origins_of_core(agreed, dataset), {"wire": _landing(dataset)})


def _columns_of_values(family: Family, tables: Tables) -> dict[str, Any]:
    origins = origins_of_values(family, tables)
    return _fields(origins, {name: _table(name) for found in origins.values() for name, _ in found})


def _fields(origins: Origins, places: dict[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        column: column_lineage_dataset.Fields(
            [column_lineage_dataset.InputField(*places[table], name) for table, name in found]
        )
        for column, found in origins.items()
        if found
    }


def _tables(session: Session) -> Tables:
    """The columns of every table and view that lineage can name."""
    tables: dict[str, dict[str, dict[str, str]]] = {}
    for row in session.rows(sql_file("lineage/columns.sql")):
        tables.setdefault(row.schema_name, {}).setdefault(row.table_name, {})[row.column_name] = (
            row.data_type
        )
    return tables


def _table(name: str) -> tuple[str, str]:
    """A table's namespace and name, as OpenLineage names PostgreSQL's."""
    return _warehouse(), f"{make_url(settings.warehouse_dsn()).database}.{name}"


def _namespace() -> str:
    """Of jobs; provinces that one installation serves may send their events to one address."""
    return f"{NAMESPACE}/{current.key()}" if current.key() else NAMESPACE


def _warehouse() -> str:
    url = make_url(settings.warehouse_dsn())
    return f"postgres://{url.host or 'localhost'}:{url.port or 5432}"


def _landing(dataset: Dataset) -> tuple[str, str]:
    root = urlsplit(settings.landing_root())
    place = f"{root.path.rstrip('/')}/{dataset.source}/{dataset.name}"
    return (f"{root.scheme}://{root.netloc}", place.lstrip("/")) if root.netloc else ("file", place)
