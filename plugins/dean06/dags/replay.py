"""``replay_corrections``: records that stewards have corrected, taken through the load protocol."""

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable, task

from dean06 import contract, settings
from dean06.dags.factory import asset_of, default_args_of


def replay_dag() -> DAG:
    """Loads every replay that is due. Started from the Quality page; hourly in case it was not."""
    with DAG(
        dag_id="replay_corrections",
        schedule=CronTriggerTimetable("40 * * * *", timezone="Asia/Ho_Chi_Minh"),
        start_date=settings.start_of(settings.scheduled_from()),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=1),
        default_args=default_args_of("dean06") | {"retry_delay": timedelta(seconds=30)},
        tags=["dean06", "quarantine"],
        doc_md="Rejected records that a steward corrected, each request as a load of its own: "
        "landed, validated by the same suite, published with its row counts. Clearing is always "
        "safe: what is loaded is not loaded again. Skipped when nothing is due.",
    ) as dag:
        outlets = [asset_of(source) for source in contract.sources()]
        _load.override(outlets=outlets)()
    return dag


@task(task_id="load", execution_timeout=timedelta(minutes=50))
def _load() -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    from dean06.load.replay import load_due
    from dean06.trail import chain

    loaded = load_due()
    chain.seal_if_possible()
    if not loaded:
        raise AirflowSkipException("no replay is due")
