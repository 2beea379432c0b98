"""What the tasks of DAGs do: each finds its load in the ledger by dataset and run, and does a step.

Tasks hand each other no data: of a load only the numbers of its shards, so that a large one is
staged and validated by several workers. Steps are imported inside tasks: this module is read at
every parse.
"""

from datetime import date, datetime, timedelta
from typing import Any

from airflow.sdk import get_current_context, task

from dean06 import contract, settings
from dean06.contract import Dataset
from dean06.dags.noted import noted
from dean06.load.connections import endpoint_of


@task
@noted
def request_export(source: str, dataset: str) -> None:
    """Have the source prepare what the run asks for."""
    from dean06.load.extract import request_export

    request_export(endpoint_of(source), _dataset(source, dataset), _run_key(), _day())


@task
@noted
def extract(source: str, dataset: str) -> list[int]:
    """Land what the source delivers of the run's window; the numbers of its shards."""
    from dean06.load.extract import extract

    return extract(endpoint_of(source), _dataset(source, dataset), _run_key(), _day())


@task
@noted
def stage(source: str, dataset: str, shard: int) -> int:
    """Write one shard of what landed into its file of staging; the number of the shard."""
    from dean06.load.stage import stage

    stage(_dataset(source, dataset), _run_key(), shard)
    return shard


@task
@noted
def validate(source: str, dataset: str, shard: int) -> None:
    """Run the dataset's suite over one shard; with the last one, write the page of data docs."""
    from dean06.load.recovery import restore
    from dean06.load.validate import validate
    from dean06.reports import data_docs

    restore(_dataset(source, dataset), _run_key(), shard)
    if validate(_dataset(source, dataset), _run_key(), shard):
        data_docs.write(_dataset(source, dataset), _run_key())


@task
@noted
def quarantine(source: str, dataset: str) -> None:
    """Set rejected rows aside; stops the run when the batch is held."""
    from dean06.load.quarantine import quarantine
    from dean06.load.recovery import restore

    restore(_dataset(source, dataset), _run_key())
    quarantine(_dataset(source, dataset), _run_key())


@task(task_id="publish")
@noted
def publish(source: str) -> None:
    """Publish the source's datasets in one transaction."""
    from dean06.load.publish import publish
    from dean06.load.recovery import restore_source
    from dean06.reports import lineage

    restore_source(source, _run_key())
    publish(source, _run_key())
    lineage.tell_if_possible()


@task(task_id="verify")
@noted
def verify_identities() -> None:
    """Compare what changed with the population registry; give new persons a token."""
    from dean06.identity import tokens, verify
    from dean06.reports import lineage

    verify.verify_identities()
    tokens.give()
    lineage.tell_if_possible()


@task(task_id="build")
@noted
def build_kpis() -> list[dict[str, Any]]:
    """Numbers of the builds that wait for an official: for each one a run of release_kpis."""
    from dean06.kpi import build
    from dean06.kpi.release import held
    from dean06.proof import signing
    from dean06.reports import lineage
    from dean06.trail import chain

    build.build_kpis()
    chain.seal_if_possible()
    signing.sign_due_if_possible()
    lineage.tell_if_possible()
    return [
        {"trigger_run_id": f"build-{row.build_id}", "conf": {"build": row.build_id}}
        for row in held()
    ]


@task(task_id="write")
@noted
def write_agency_lists() -> None:
    """Write the lists that are due."""
    from dean06.agencies.lists import write_due

    write_due()


@task(task_id="reconcile")
@noted
def reconcile_portal() -> None:
    """Reconcile the days that are due with the national portal."""
    from dean06.agencies.reconciliation import write_due

    write_due()


@task(task_id="verify")
@noted
def verify_kpis() -> None:
    """Compare kept steps of KPIs and published values with a full count of the records. Skipped
    where there is nothing to compare."""
    from airflow.sdk.exceptions import AirflowSkipException

    from dean06.kpi.verify import NOTHING, require_equal

    if require_equal().is_empty:
        raise AirflowSkipException(NOTHING)


@task(task_id="write")
@noted
def release_open_data() -> None:
    """Sign what is not signed yet; write the releases that are due. Skipped where none is, or where
    no publisher is set."""
    from airflow.sdk.exceptions import AirflowSkipException

    from dean06.open_data import due, publisher
    from dean06.proof import signing

    if not publisher.is_wanted():
        raise AirflowSkipException("no publisher of open data is set: see docs/open-data.md")
    signing.sign_due()
    if not due.write_due():
        raise AirflowSkipException("every publication has already been released")


@task(task_id="purge")
@noted
def keep_house() -> None:
    """Remove what has been kept for as long as it may, and prove it."""
    from dean06.privacy.retention import keep_house

    keep_house()


@task
@noted
def verify_audit() -> None:
    """Compare the audit trail with what it is about, and with the heads that left the warehouse."""
    from dean06.trail import chain

    chain.seal_if_possible()
    chain.require_whole()


@task
@noted
def verify_publications() -> None:
    """Sign what is not signed yet; compare publications with their log and the files outside."""
    from dean06.proof import check, signing

    signing.sign_due()
    check.require_whole()


def day_of_run(params: dict[str, Any], interval_end: datetime | None, run_after: datetime) -> date:
    """The Vietnamese day a run is for: asked for, else the one before its interval ended."""
    if params.get("day"):
        return date.fromisoformat(params["day"])
    moment = (interval_end or run_after).astimezone(settings.TIMEZONE)
    return moment.date() - timedelta(days=1)


def _day() -> date:
    context = get_current_context()
    return day_of_run(
        dict(context["params"]), context.get("data_interval_end"), context["dag_run"].run_after
    )


def _run_key() -> str:
    return str(get_current_context()["run_id"])


def _dataset(source: str, name: str) -> Dataset:
    return contract.load(source).dataset(name)
