"""Problems: what is wrong with syncs and KPIs at a moment, detected in the ledger alone."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from dean06 import contract
from dean06.contract import Bilingual
from dean06.errors import Cause
from dean06.failures.causes import explain
from dean06.failures.particulars import Particulars, particulars
from dean06.load import stops
from dean06.provinces import current
from dean06.warehouse import Session, sql_file
from dean06.watch import contracts, freshness
from dean06.watch.problem import EN, VI, Kind, Problem, named

STUCK_AFTER = timedelta(hours=6)
"""As long as a run of a sync may take (``dagrun_timeout``)."""
RETRIED_FOR = timedelta(minutes=30)
"""A source that failed is tried again by itself for about this long; then people are notified."""
REPLAYED_WITHIN = timedelta(hours=2)
"""Corrections are taken up hourly."""
PUBLISHED_WITHIN = timedelta(hours=2)
"""KPIs of a day follow its last load within this time."""
CREDENTIAL_NOTICE = timedelta(days=14)
"""New credentials are requested this long before the old ones expire."""


def detect(session: Session, now: datetime, stopped: Collection[str] = ()) -> Iterator[Problem]:
    """Everything that is wrong at a moment. ``stopped``: ``source/run`` of what Airflow gave up."""
    return chain(
        _stale(session, now),
        _held(session),
        _unfinished(session, now),
        _failed(session, now, stopped),
        _failed_steps(session),
        _late_replays(session, now),
        _unbalanced(session),
        _unpublished(session, now),
        _expiring(session, now),
        _unexplained(session),
        contracts.without(session),
    )


def _particulars(row: Any) -> Particulars | None:
    return particulars(row.cause, row.detail_code, row.detail_parameters)


def _stale(session: Session, now: datetime) -> Iterator[Problem]:
    """Sources of which less is in core than their service level promises."""
    for level in freshness.of_sources(session, now):
        if not level.is_stale:
            continue
        source, agreed = level.source, contract.load(level.source)
        dag = current.dag_id(f"sync_{source}")
        hours, allowed = (
            round(span / timedelta(hours=1)) for span in (level.age, agreed.fresh_for)
        )
        yield Problem(
            Kind.STALE,
            Bilingual(
                f"{source} is stale: {level.told(EN, f'{EN.number(hours)} h')} (agreed maximum: "
                f"{EN.number(allowed)} h). Open DAG {dag} and clear its failed task. If no run has "
                f"started, check the scheduler. If the source is down, contact {agreed.owner.en}.",
                f"Nguồn {named(source)} cập nhật chậm: "
                f"{level.told(VI, f'{VI.number(hours)} giờ')} (mức cam kết: không quá "
                f"{VI.number(allowed)} giờ). Mở DAG {dag}, chạy lại tác vụ lỗi. Nếu chưa có lượt "
                "chạy nào, kiểm tra bộ lập lịch. Nếu nguồn ngừng hoạt động, liên hệ "
                f"{agreed.owner.vi}.",
            ),
            source=source,
        )


def _held(session: Session) -> Iterator[Problem]:
    rows = session.rows(sql_file("watch/held.sql"))
    stop_of = stops.of_loads(session, (row.load_id for row in rows))
    for row in rows:
        name, day = f"{row.source_code}.{row.dataset_code}", f"{row.day:%d/%m/%Y}"
        stop = stop_of[row.load_id]
        why = stop.why(Cause.BATCH_HELD)
        clear = f"{stop.dag}.{stop.clear}"
        to_clear = f" Task to clear: {clear}." if stop.clear else ""
        again = f" Tác vụ cần chạy lại: {clear}." if stop.clear else ""
        yield Problem(
            Kind.HELD,
            Bilingual(
                f"{name} of {day} is held (run {row.run_key}): {why.en} No new data "
                f"from {row.source_code} are published. {stop.place.en}{to_clear}",
                f"Lô dữ liệu {name} ngày {day} bị giữ lại (lượt chạy {row.run_key}): {why.vi} "
                f"{stop.place.vi}{again}",
            ),
            detail=_particulars(row),
            source=row.source_code,
            dataset=row.dataset_code,
            run_key=row.run_key,
            day=row.day,
            load_id=row.load_id,
        )


def _unfinished(session: Session, now: datetime) -> Iterator[Problem]:
    rows = session.rows(sql_file("watch/unfinished.sql"), before=now - STUCK_AFTER)
    stop_of = stops.of_loads(session, (row.load_id for row in rows))
    for row in rows:
        source, day = row.source_code, f"{row.day:%d/%m/%Y}"
        place = _to_go_on(stop_of[row.load_id], source)
        yield Problem(
            Kind.UNFINISHED,
            Bilingual(
                f"Run {row.run_key} of {source} for {day} has not finished: its load of "
                f"{row.dataset_code} is still in state '{row.status}'. {place.en}",
                f"Lượt chạy {row.run_key} của nguồn {named(source)} ngày {day} chưa kết thúc, dừng "
                f"ở bộ dữ liệu {row.dataset_code}. {place.vi}",
            ),
            source=source,
            dataset=row.dataset_code,
            run_key=row.run_key,
            day=row.day,
        )


def _to_go_on(stop: stops.Stop, source: str) -> Bilingual:
    """What to do about a run that has not finished."""
    if stop.dag is None:
        return stop.place
    dag = current.dag_id(f"sync_{source}")
    return Bilingual(
        f"Open DAG {dag} and clear the failed task. Clearing is always safe.",
        f"Mở DAG {dag} và chạy lại tác vụ lỗi.",
    )


def _failed(session: Session, now: datetime, stopped: Collection[str]) -> Iterator[Problem]:
    query = sql_file("watch/failed.sql")
    rows = session.rows(query, before=now - RETRIED_FOR, stopped=sorted(stopped))
    stop_of = stops.of_loads(session, (row.load_id for row in rows))
    for row in rows:
        name, day = f"{row.source_code}.{row.dataset_code}", f"{row.day:%d/%m/%Y}"
        stop = stop_of[row.load_id]
        why = stop.why(row.cause_code)
        yield Problem(
            Kind.FAILED,
            Bilingual(
                f"{name} of {day} failed while {stop.doing.en} (run {row.run_key}): {why.en} "
                f"{stop.place.en}",
                f"Việc nạp {name} ngày {day} bị lỗi khi {stop.doing.vi} (lượt chạy {row.run_key}): "
                f"{why.vi} {stop.place.vi}",
            ),
            detail=_particulars(row),
            source=row.source_code,
            dataset=row.dataset_code,
            run_key=row.run_key,
            day=row.day,
            load_id=row.load_id,
        )


def _failed_steps(session: Session) -> Iterator[Problem]:
    for row in session.rows("select * from ops.step_failure order by step_code"):
        why = explain(row.cause_code).text
        yield Problem(
            Kind.FAILED_STEP,
            Bilingual(
                f"{row.step_code} failed at {EN.at(row.failed_at)}: {why.en} Open DAG "
                f"{row.step_code}.",
                f"Bước {row.step_code} bị lỗi lúc {VI.at(row.failed_at)}: {why.vi} DAG cần mở: "
                f"{row.step_code}.",
            ),
            detail=_particulars(row),
            step=row.step_code,
        )


_NOT_TAKEN_UP = Bilingual(
    "DAG replay_corrections has not run since the correction became due",
    "DAG replay_corrections chưa chạy lần nào kể từ khi bản chỉnh sửa đủ điều kiện nạp",
)


def _late_replays(session: Session, now: datetime) -> Iterator[Problem]:
    for row in session.rows(sql_file("watch/late_replays.sql"), before=now - REPLAYED_WITHIN):
        name, day = f"{row.source_code}.{row.dataset_code}", f"{row.day:%d/%m/%Y}"
        why = explain(row.cause_code).meaning if row.cause else _NOT_TAKEN_UP
        yield Problem(
            Kind.LATE_REPLAY,
            Bilingual(
                f"The steward's correction {row.replay_id} (Quality page) of records of {name} for "
                f"{day} is not loaded: {why.en}. Once the cause is fixed, clear task "
                "replay_corrections.load or start a run of its DAG. Clearing is always safe.",
                f"Bản chỉnh sửa số {row.replay_id} của {name} ngày {day} chưa được nạp: {why.vi}. "
                "Khắc phục nguyên nhân, sau đó chạy lại tác vụ replay_corrections.load hoặc bắt "
                "đầu một lượt chạy mới của DAG replay_corrections.",
            ),
            detail=_particulars(row),
            source=row.source_code,
            dataset=row.dataset_code,
            day=row.day,
            replay_id=row.replay_id,
        )


def _unbalanced(session: Session) -> Iterator[Problem]:
    for row in session.rows(sql_file("watch/unbalanced.sql")):
        name = f"{row.source_code}.{row.dataset_code}"
        yield Problem(
            Kind.UNBALANCED,
            Bilingual(
                f"The row counts of load {row.load_id} ({name}, run {row.run_key}) do not add up: "
                "the ledger was changed by hand. Do not trust any number of this source. Restore "
                "the warehouse from its last backup and sync the days since then.",
                f"Số dòng của lượt nạp {row.load_id} ({name}) không khớp khi đối chiếu: sổ theo "
                "dõi vận hành đã bị sửa trực tiếp. Không sử dụng số liệu của nguồn này. Khôi phục "
                "kho dữ liệu từ bản sao lưu gần nhất, sau đó đồng bộ lại các ngày từ thời điểm sao "
                "lưu.",
            ),
            source=row.source_code,
            dataset=row.dataset_code,
            run_key=row.run_key,
            load_id=row.load_id,
        )


def _unpublished(session: Session, now: datetime) -> Iterator[Problem]:
    rows = session.rows(
        sql_file("watch/unpublished.sql"),
        before=now - PUBLISHED_WITHIN,
        sources=len(contract.sources()),
    )
    for row in rows:
        day = f"{row.day:%d/%m/%Y}"
        if row.build_id is not None:
            yield Problem(
                Kind.HELD_BUILD,
                Bilingual(
                    f"The KPIs of {day} wait for two persons (build {row.build_id}): one proposes "
                    "the release under Required Actions, the other approves it on page "
                    '"KPIs waiting for approval"; or both run python -m dean06 release-build '
                    f"{row.build_id} --why … To reject the build, one person runs python -m dean06 "
                    f"reject-build {row.build_id} --why …",
                    f"Chỉ tiêu ngày {day} đang chờ duyệt (lượt tính số {row.build_id}). Người thứ "
                    "nhất đề nghị công bố ở mục Required Actions trong Airflow hoặc trên trang "
                    "“Chỉ tiêu chờ duyệt”; người thứ hai duyệt trên trang này. Khi dùng lệnh, mỗi "
                    f"người chạy python -m dean06 release-build {row.build_id} --why … Để từ chối, "
                    f"một người chạy python -m dean06 reject-build {row.build_id} --why …",
                ),
                day=row.day,
                build_id=row.build_id,
            )
        else:
            yield Problem(
                Kind.UNPUBLISHED,
                Bilingual(
                    f"All sources have data up to {day}, but its KPIs are not published. Open DAG "
                    "build_kpis: clear its failed task, or start a run.",
                    f"Các nguồn đã có đủ dữ liệu ngày {day} nhưng chỉ tiêu chưa được công bố. Mở "
                    "DAG build_kpis và chạy lại tác vụ lỗi; nếu không có tác vụ lỗi, bắt đầu một "
                    "lượt chạy mới.",
                ),
                day=row.day,
            )


def _expiring(session: Session, now: datetime) -> Iterator[Problem]:
    rows = session.rows(
        """select source_code, expires_on from ops.source_credential
           where expires_on <= :day order by source_code""",
        day=(now + CREDENTIAL_NOTICE).date(),
    )
    for row in rows:
        source, day = row.source_code, f"{row.expires_on:%d/%m/%Y}"
        yield Problem(
            Kind.CREDENTIAL,
            Bilingual(
                f"The credentials for {source} expire on {day}. Ask "
                f"{contract.load(source).owner.en} for new ones and store them in connection "
                f"dean06_{source}, with the new expires_on.",
                f"Thông tin đăng nhập của nguồn {named(source)} hết hạn ngày {day}. Đề nghị "
                f"{contract.load(source).owner.vi} cấp mới, sau đó ghi thông tin mới vào kết "
                f"nối dean06_{source} và ghi ngày hết hạn mới vào trường expires_on của phần "
                "extra.",
            ),
            source=source,
            day=row.expires_on,
        )


def _unexplained(session: Session) -> Iterator[Problem]:
    """What the last reconciliation with the national portal could not explain."""
    for row in session.rows(sql_file("watch/unexplained.sql")):
        day = f"{row.day:%d/%m/%Y}"
        yield Problem(
            Kind.UNEXPLAINED,
            Bilingual(
                f"Final counts of the national portal differ from its own list of dossiers (as of "
                f"{day}; counts that differ: {EN.number(row.cells)}; unexplained difference in "
                f"dossiers: {EN.number(row.dossiers)}). Look for quarantined records of "
                "portal.national_dossier. If there are none, ask the national portal for list and "
                "counts again, then sync.",
                "Số liệu đã chốt của Cổng Dịch vụ công quốc gia không khớp danh sách hồ sơ của "
                f"chính Cổng quốc gia (tính đến hết ngày {day}: {VI.number(row.cells)} số liệu "
                f"không khớp, {VI.number(row.dossiers)} hồ sơ chênh lệch chưa giải thích được). "
                "Kiểm tra bản ghi bị từ chối của portal.national_dossier. Nếu không có bản ghi bị "
                "từ chối, đề nghị Cổng quốc gia gửi lại danh sách và số liệu, sau đó đồng bộ lại.",
            ),
            source="portal",
            day=row.day,
        )
