"""``report_week``, ``report_month``: the report of the period that has ended, to its readers."""

from datetime import date, timedelta
from typing import Literal

from airflow.sdk import DAG, Param, get_current_context, task

from dean06 import settings
from dean06.contract import Bilingual
from dean06.dags import schedule
from dean06.dags.factory import default_args_of, tags_of
from dean06.dags.noted import noted
from dean06.dags.per_province import per_province
from dean06.dags.texts import DagText
from dean06.provinces import current

_AT = {"week": "0 7 * * 1", "month": "0 7 5 * *"}
"""Cron, Vietnam: when most of what comes late has come. A month is closed from the fifth on."""


@per_province
def report_dag(kind: Literal["week", "month"]) -> DAG:
    """Make the report of the last whole week or month and send it to ``DEAN06_REPORT_URLS``."""
    with DAG(
        dag_id=current.dag_id(f"report_{kind}"),
        schedule=schedule.at(_AT[kind]),
        start_date=schedule.first_day(),
        **_text(kind).of(f"report_{kind}"),
        catchup=False,
        is_paused_upon_creation=False,
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=1),
        default_args=default_args_of("dean06"),
        tags=tags_of("kpi"),
        params={
            "period": Param(
                None,
                type=["null", "string"],
                title="Period, e.g. 2022-10 or 2022-W44 | Kỳ báo cáo",
                description="If empty: the last completed period. | Để trống: kỳ vừa kết thúc.",
            )
        },
    ) as dag:
        _send(kind)
    return dag


def _text(kind: Literal["week", "month"]) -> DagText:
    period = {"week": "tuần", "month": "tháng"}[kind]
    return DagText(
        f"Gửi báo cáo {period}",
        Bilingual(f"Sends the report of the last {kind}", f"Gửi báo cáo của {period} trước"),
        Bilingual(
            "Makes the report of the last period as Word, PDF and XLSX from published figures and "
            "sends it to `DEAN06_REPORT_URLS`. Fails, and sends no report, if nothing is published "
            "for the period: clear the task once values are published.",
            "Lập báo cáo Word, PDF và XLSX từ số liệu đã công bố và gửi đến `DEAN06_REPORT_URLS`. "
            "Nếu kỳ báo cáo chưa có số liệu công bố, tác vụ báo lỗi và không gửi báo cáo; chạy "
            "lại sau khi đã công bố.",
        ),
    )


@task(task_id="send", execution_timeout=timedelta(minutes=30))
@noted
def _send(kind: Literal["week", "month"]) -> None:
    from dean06.pack import span, write

    context = get_current_context()
    asked = context["params"].get("period")
    day: date = context["dag_run"].run_after.astimezone(settings.TIMEZONE).date()
    write.send(span.parse(asked) if asked else span.ended_before(day, kind))
