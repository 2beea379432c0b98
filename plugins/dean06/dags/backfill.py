"""``backfill_source``: what the command ``backfill`` does, as a run of Airflow."""

import logging
from datetime import date
from typing import TYPE_CHECKING

from airflow.sdk import DAG, Param, get_current_context, task

from dean06 import contract
from dean06.dags import texts
from dean06.dags.factory import default_args_of, tags_of
from dean06.dags.noted import noted
from dean06.dags.per_province import per_province
from dean06.provinces import current

if TYPE_CHECKING:
    from dean06.load.backfill import Plan

log = logging.getLogger(__name__)


@per_province
def backfill_dag() -> DAG:
    """Plan, load day by day, build. Each day is a mapped task: the run shows how far it is."""
    with DAG(
        dag_id=current.dag_id("backfill_source"),
        schedule=None,
        catchup=False,
        is_paused_upon_creation=False,
        max_active_runs=1,
        default_args=default_args_of("dean06"),
        tags=tags_of("sync"),
        **texts.BACKFILL.of("backfill_source"),
        params={
            "source": Param(type="string", enum=contract.sources(), title="Source | Nguồn"),
            "from": Param(type="string", format="date", title="First day | Từ ngày"),
            "to": Param(type="string", format="date", title="Last day | Đến ngày"),
            "dry_run": Param(False, type="boolean", title="Plan only | Chỉ lập kế hoạch"),
        },
    ) as dag:
        load_day.override(max_active_tis_per_dagrun=1).expand(day=plan()) >> build()
    return dag


@task
@noted
def plan() -> list[str]:
    """Log the plan; the days of the backfill, none when only the plan is wanted."""
    from dean06.reports import backfill as report

    planned = _planned()
    for line in report.text_of(planned).splitlines():
        log.info(line)
    wanted = sorted({*planned.done, *planned.days})
    return [] if get_current_context()["params"]["dry_run"] else list(map(str, wanted))


@task
@noted
def load_day(day: str) -> None:
    """Load one day, unless an earlier attempt has published it."""
    from dean06.figures.words import Words
    from dean06.load import backfill
    from dean06.load.connections import endpoint_of
    from dean06.reports import backfill as report
    from dean06.reports import data_docs, lineage

    planned, of_day = _planned(), date.fromisoformat(day)
    if of_day in planned.days:
        backfill.load_day(endpoint_of(planned.source), planned, of_day, data_docs.write)
        lineage.tell_if_possible()
    words, counts = Words("en"), backfill.counts(planned, of_day)
    log.info(
        "%s: %s", report.place_of(planned, of_day, words), report.line_of(of_day, counts, words)
    )


@task
@noted
def build() -> None:
    """Build the KPIs of the days that the loads reach."""
    from dean06.kpi import reach
    from dean06.kpi.build import build_kpis
    from dean06.proof import signing
    from dean06.reports import lineage
    from dean06.trail import chain

    planned = _planned()
    build_kpis(among=reach.days_reached(planned.source, planned.run_keys))
    chain.seal_if_possible()
    signing.sign_due_if_possible()
    lineage.tell_if_possible()


def _planned() -> "Plan":
    """The backfill of this run: every attempt of its tasks goes on with it."""
    from dean06.load import backfill

    context = get_current_context()
    asked = context["params"]
    first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    return backfill.plan(asked["source"], first, last, key=f"{context['run_id']}__")
