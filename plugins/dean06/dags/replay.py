"""``replay_corrections``: records that stewards have corrected, taken through the load protocol."""

from datetime import timedelta

from airflow.sdk import DAG, task

from dean06 import contract
from dean06.dags import schedule, texts
from dean06.dags.factory import asset_of, default_args_of, tags_of
from dean06.dags.noted import noted
from dean06.dags.per_province import per_province
from dean06.provinces import current


@per_province
def replay_dag() -> DAG:
    """Loads every replay that is due. Started from the Quality page; hourly in case it was not."""
    with DAG(
        dag_id=current.dag_id("replay_corrections"),
        schedule=schedule.at("40 * * * *"),
        start_date=schedule.first_day(),
        **texts.REPLAY.of("replay_corrections"),
        catchup=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=1),
        default_args=default_args_of("dean06") | {"retry_delay": timedelta(seconds=30)},
        tags=tags_of("quarantine"),
    ) as dag:
        outlets = [asset_of(source) for source in contract.sources()]
        _load.override(outlets=outlets)()
    return dag


@task(task_id="load", execution_timeout=timedelta(minutes=50))
@noted
def _load() -> None:
    from airflow.sdk.exceptions import AirflowSkipException

    from dean06.load.replay import load_due
    from dean06.trail import chain

    loaded = load_due()
    chain.seal_if_possible()
    if not loaded:
        raise AirflowSkipException("no replay is due")
