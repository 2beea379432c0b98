"""The one DAG factory: a source's contract in, its daily sync out.

Nothing heavy is imported here, since this module is read at every parse.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import (
    DAG,
    Asset,
    Param,
    task_group,
)

from dean06 import contract, settings
from dean06.contract import Bilingual, Contract, Dataset
from dean06.dags import schedule, tasks, texts
from dean06.dags.per_province import per_province
from dean06.dags.texts import DagText
from dean06.dags.wait_for_export import WaitForExport
from dean06.provinces import current

_WHEN_RED = Bilingual(
    "The *Today* page (*Hôm nay*) names the cause of a red task and what to do. Clearing is always "
    "safe: a run requests the same window again, and publishing twice changes nothing.",
    "Trang “Hôm nay” nêu nguyên nhân của tác vụ lỗi và cách xử lý. Việc chạy lại (nút Clear) luôn "
    "an toàn: lượt chạy lấy lại dữ liệu của đúng kỳ đồng bộ đó; nạp lại cùng dữ liệu không làm "
    "thay đổi kho.",
)
_HISTORY = {"state": "state · trạng thái", "event": "event · sự kiện"}


def asset_of(source: str) -> Asset:
    """What a sync publishes. A hint that starts work sooner; the ledger decides what there is."""
    province = f"{current.key()}/" if current.key() else ""
    return Asset(name=current.dag_id(f"core_{source}"), uri=f"dean06://{province}core/{source}")


def published() -> Asset:
    """What a build of KPIs publishes: a hint, as that of a sync is."""
    province = f"{current.key()}/" if current.key() else ""
    return Asset(name=current.dag_id("mart_kpis"), uri=f"dean06://{province}mart/kpis")


def _identity() -> Asset:
    """What verification publishes: verdicts on every record of a person."""
    return asset_of("identity")


@per_province
def sync_dag(source: str) -> DAG | None:
    """``sync_<source>``: extract → stage → validate → quarantine per dataset, then one publish.

    Stage and validate are mapped over the shards of a load: one of them, but for a large load.
    """
    agreed = contract.load(source)
    if agreed.terms.level != settings.level():
        return None
    with DAG(
        dag_id=current.dag_id(f"sync_{source}"),
        schedule=schedule.of_sync(),
        start_date=schedule.first_day(),
        **(texts.of_sync(agreed).of(f"sync_{source}") | {"doc_md": document(agreed)}),
        catchup=False,
        is_paused_upon_creation=False,  # a source that was added is loaded from its first day on
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=6),
        default_args=default_args_of(agreed.owner.en),
        tags=tags_of("sync", source),
        params={
            "day": Param(
                None,
                type=["null", "string"],
                format="date",
                title="Day | Ngày",
                description="Sync up to the end of this day. If empty: the day of the run.",
            )
        },
    ) as dag:
        published = tasks.publish.override(outlets=[asset_of(source)])(source)
        for dataset in agreed.datasets:
            _load_dataset(dataset, agreed) >> published
    return dag


def _daily_dag(name: str, cron: str, tag: str, text: DagText, assets: Sequence[Asset] = ()) -> DAG:
    """A DAG of no one source: every day at a time (Vietnam), sooner when an asset comes."""
    return DAG(
        dag_id=current.dag_id(name),
        schedule=schedule.at(cron, assets),
        start_date=schedule.first_day(),
        **text.of(name),
        catchup=False,
        is_paused_upon_creation=False,  # a paused consumer would lose asset events
        max_active_runs=1,
        dagrun_timeout=timedelta(hours=3),
        default_args=default_args_of("dean06"),
        tags=tags_of(tag),
    )


@per_province
def identity_dag() -> DAG | None:
    """``verify_identities``: runs when a source of persons has published, and daily in case."""
    if settings.level() == "country":
        return None
    datasets = (contract.registry(), *contract.person_datasets())
    with _daily_dag(
        "verify_identities",
        "30 2 * * *",
        "identity",
        texts.IDENTITY,
        assets=[asset_of(source) for source in sorted({d.source for d in datasets})],
    ) as dag:
        tasks.verify_identities.override(outlets=[_identity()])()
    return dag


@per_province
def kpi_dag() -> DAG:
    """``build_kpis``: runs when a source has published, and daily in case an event was lost."""
    with _daily_dag(
        "build_kpis",
        "0 3 * * *",
        "kpi",
        texts.KPIS,
        assets=[_identity(), *(asset_of(source) for source in contract.sources())],
    ) as dag:
        TriggerDagRunOperator.partial(
            task_id="ask_for_release",
            trigger_dag_id=current.dag_id("release_kpis"),
            skip_when_already_exists=True,  # the official has been asked already
        ).expand_kwargs(tasks.build_kpis.override(outlets=[published()])())
    return dag


@per_province
def open_data_dag() -> DAG:
    """``release_open_data``: runs when KPIs were built, and daily in case."""
    with _daily_dag(
        "release_open_data",
        "30 5 * * *",
        "kpi",
        texts.OPEN_DATA,
        assets=[published()],
    ) as dag:
        tasks.release_open_data()
    return dag


@per_province
def agency_lists_dag() -> DAG | None:
    """``agency_lists``: runs when verdicts are given, and daily for batches that were held."""
    if settings.level() == "country":
        return None
    verified = {d.source for d in (contract.registry(), *contract.person_datasets())}
    others = sorted(set(contract.sources()) - verified)
    with _daily_dag(
        "agency_lists",
        "30 3 * * *",
        "agencies",
        texts.AGENCY_LISTS,
        assets=[_identity(), *(asset_of(source) for source in others)],
    ) as dag:
        tasks.write_agency_lists()
    return dag


@per_province
def reconciliation_dag() -> DAG | None:
    """``reconcile_portal``: runs when the portal has published, and daily in case."""
    if settings.level() == "country":
        return None
    with _daily_dag(
        "reconcile_portal",
        "0 4 * * *",
        "agencies",
        texts.RECONCILIATION,
        assets=[asset_of("portal")],
    ) as dag:
        tasks.reconcile_portal()
    return dag


@per_province
def house_dag() -> DAG:
    """``keep_house``: daily, when the night's loads are done."""
    with _daily_dag(
        "keep_house",
        "30 4 * * *",
        "privacy",
        texts.HOUSE,
    ) as dag:
        tasks.keep_house() >> [tasks.verify_audit(), tasks.verify_publications()]
    return dag


@per_province
def kpi_proof_dag() -> DAG | None:
    """``verify_kpis``: weekly, on Sunday night."""
    if settings.level() == "country":
        return None
    with _daily_dag(
        "verify_kpis",
        "0 5 * * 0",
        "kpi",
        texts.KPI_PROOF,
    ) as dag:
        tasks.verify_kpis()
    return dag


def document(agreed: Contract) -> str:
    """A contract as Markdown, for the DAG's page."""
    lines = [
        texts.markdown(agreed.purpose), "",
        f"Owner · Cơ quan: {agreed.owner.en} · {agreed.owner.vi}.", "",
        f"Contract · Hợp đồng dữ liệu: {agreed.version}.", "",
        f"Protocol · Giao thức: {agreed.terms.protocol}.", "",
        texts.markdown(agreed.limitations), "",
        "| dataset · bộ dữ liệu | holds · nội dung | one row · mỗi dòng | history · lịch sử |",
        "|---|---|---|---|",
    ]  # fmt: skip
    lines += [
        f"| `{d.name}` | {d.label.en} · {d.label.vi} | {d.grain.replace('|', '·')} | "
        f"{_HISTORY[d.history]} |"
        for d in agreed.datasets
    ]
    return "\n".join([*lines, "", texts.markdown(_WHEN_RED)])


def _load_dataset(dataset: Dataset, agreed: Contract) -> Any:
    @task_group(group_id=dataset.name, tooltip=str(dataset.label))
    def load() -> None:
        key = (dataset.source, dataset.name)
        extracted = tasks.extract.override(task_id="extract")(*key)
        if agreed.terms.is_export:
            requested = tasks.request_export.override(task_id="request_export")(*key)
            waited = WaitForExport(
                task_id="wait_for_export", source=dataset.source, dataset=dataset.name
            )
            requested >> waited >> extracted
        of_dataset = {"source": dataset.source, "dataset": dataset.name}
        staged = tasks.stage.override(task_id="stage").partial(**of_dataset).expand(shard=extracted)
        validated = (
            tasks.validate.override(task_id="validate").partial(**of_dataset).expand(shard=staged)
        )
        validated >> tasks.quarantine.override(task_id="quarantine")(*key)

    return load()


def tags_of(*kinds: str) -> list[str]:
    """Tags of a DAG: that it is ours, its kinds, and its province where there are several."""
    return ["dean06", *kinds, *filter(None, [current.key()])]


def default_args_of(owner: str) -> dict[str, Any]:
    """What all tasks share: their owner, and when they are retried."""
    return {
        "owner": owner,
        "retries": 2,
        "retry_delay": timedelta(seconds=settings.retry_seconds()),
        "execution_timeout": timedelta(hours=2),
    }
