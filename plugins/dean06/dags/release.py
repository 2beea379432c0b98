"""``release_kpis``: a held build of KPIs waits here for a first person, in Airflow's own UI.

One run per held build. The page shows day, rules and KPIs, no record; the answer needs a reason,
and who answered is written to the ledger with it. *Release* is a proposal: a second person, who has
the permission ``dean06_kpi_release``, approves it on page *KPIs waiting
for approval*.
"""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import DAG, Param, task

from dean06.dags import texts
from dean06.dags.factory import default_args_of, tags_of
from dean06.dags.noted import noted
from dean06.dags.per_province import per_province
from dean06.provinces import current

RELEASE, REJECT = "Propose release · Đề nghị công bố", "Reject · Không công bố"


@per_province
def release_dag() -> DAG:
    """Describe the build, wait for an answer, carry it out. Started by ``build_kpis``."""
    with DAG(
        dag_id=current.dag_id("release_kpis"),
        schedule=None,
        **texts.RELEASE.of("release_kpis"),
        catchup=False,
        max_active_runs=16,
        default_args=default_args_of("dean06") | {"retry_delay": timedelta(seconds=30)},
        tags=tags_of("kpi"),
        params={"build": Param(type="integer", title="Build | Lượt tính")},
    ) as dag:
        described = _describe()
        ask = HITLOperator(
            task_id="ask",
            subject="Propose to release the KPIs of build {{ params.build }}? · "
            "Đề nghị công bố chỉ tiêu của lượt tính số {{ params.build }}?",
            body="{{ ti.xcom_pull(task_ids='describe') }}",
            options=[RELEASE, REJECT],
            execution_timeout=None,  # an official takes as long as it takes
            # Nullable: Airflow also checks it before anybody has answered. Empty is refused later.
            params={"reason": Param(None, type=["null", "string"], title="Reason | Lý do")},
        )
        described >> ask >> _decide()
    return dag


@task(task_id="describe", execution_timeout=timedelta(minutes=5))
@noted
def _describe() -> str:
    from airflow.sdk import get_current_context

    from dean06.kpi.release import held_build_as_markdown

    return held_build_as_markdown(int(get_current_context()["params"]["build"]))


@task(task_id="decide", execution_timeout=timedelta(minutes=30))
@noted
def _decide() -> None:
    from airflow.sdk import get_current_context
    from airflow.sdk.exceptions import AirflowSkipException

    from dean06.errors import AlreadyDecidedError
    from dean06.kpi import release

    context = get_current_context()
    answer: dict[str, Any] = context["ti"].xcom_pull(task_ids="ask")
    official = (answer.get("responded_by_user") or {}).get("name") or ""
    carry_out = release.propose if answer["chosen_options"] == [RELEASE] else release.reject
    try:
        carry_out(int(context["params"]["build"]), official, answer["params_input"]["reason"] or "")
    except AlreadyDecidedError as error:
        raise AirflowSkipException(str(error)) from None
