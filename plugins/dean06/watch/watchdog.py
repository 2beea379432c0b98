"""The watchdog: looks at the ledger from outside Airflow and tells people what it finds.

It knows nothing of Airflow, so it also notices when the scheduler is dead: what is owed and has not
arrived is a trouble, whoever is to blame. One trouble is told once (and again every day while it
lasts), and so is its end. What it has told is in ``ops.alert``, so a restart repeats nothing.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from dean06 import contract, settings
from dean06.contract import Bilingual
from dean06.errors import Dean06Error, WarehouseError
from dean06.warehouse import Lock, Session, sql_file, transaction
from dean06.watch import alerts, freshness

log = logging.getLogger(__name__)

STUCK_AFTER = timedelta(hours=6)
"""As long as a run of a sync may take (``dagrun_timeout``)."""
PUBLISHED_WITHIN = timedelta(hours=2)
"""KPIs of a day follow its last load within this time."""
CREDENTIAL_NOTICE = timedelta(days=14)
"""New credentials are asked for this long before the old ones end."""
REMIND_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong now: what, and what to do next."""

    key: str
    message: Bilingual


def watch(every: timedelta) -> None:
    """Check for ever. What stops one check (no warehouse, no mailbox) is told and tried again."""
    is_lost = False
    while True:
        try:
            check(datetime.now(settings.TIMEZONE))
            if is_lost:
                alerts.tell(
                    "dean06: the warehouse answers again",
                    "The watchdog can read the ledger again. | Kho dữ liệu đã hoạt động trở lại.",
                )
            is_lost = False
        except WarehouseError as error:
            is_lost = is_lost or _tell_of_warehouse(error)
        except Dean06Error as error:
            log.error("%s", error)
        time.sleep(every.total_seconds())


def _tell_of_warehouse(error: WarehouseError) -> bool:
    """Whether people have been told that the watchdog cannot see anything."""
    try:
        alerts.tell(
            "dean06: the warehouse does not answer",
            f"{error}. Nothing can be checked or synced until it does: look at the server. | "
            "Không kết nối được kho dữ liệu: kiểm tra máy chủ PostgreSQL.",
        )
    except Dean06Error as untold:
        log.error("%s", untold)
        return False
    return True


def check(now: datetime) -> list[Trouble]:
    """One round: find, remember, tell what is new or over. Returns the troubles of the moment.

    Raises Dean06Error when an address did not take the message: it is told again next time.
    """
    with transaction() as session:
        troubles = list(find(session, now))
        _remember(session, troubles, now)
    with transaction() as session:
        session.lock(Lock.WATCH)
        due, over = _to_tell(session, now)
        if due or over:
            alerts.tell(_title(due, over), _body(due, over))
        told = "update ops.alert set {} = :now where alert_id = any(:ids)"
        session.run(told.format("told_at"), now=now, ids=[row.alert_id for row in due])
        session.run(told.format("recovery_told_at"), now=now, ids=[row.alert_id for row in over])
        session.run(
            """insert into ops.watchdog (checked_at) values (clock_timestamp())
               on conflict (only_row) do update set checked_at = excluded.checked_at"""
        )
    log.info("checked: %d troubles", len(troubles))
    return troubles


def is_awake(within: timedelta) -> bool:
    """Whether the watchdog finished a round lately: for the health check of its service."""
    with transaction() as session:
        row = session.one(
            "select checked_at > clock_timestamp() - :within as is_awake from ops.watchdog",
            within=within,
        )
    return bool(row and row.is_awake)


def find(session: Session, now: datetime) -> Iterator[Trouble]:
    """Everything that is wrong at a moment."""
    return chain(
        _stale(session, now),
        _held(session),
        _unfinished(session, now),
        _unbalanced(session),
        _unpublished(session, now),
        _expiring(session, now),
    )


def _stale(session: Session, now: datetime) -> Iterator[Trouble]:
    """Sources of which less is in core than their service level promises."""
    for level in freshness.of_sources(session, now):
        if not level.is_stale:
            continue
        source, agreed = level.source, contract.load(level.source)
        told = f"{level.reached:%d/%m/%Y %H:%M}" if level.reached else "–"
        hours = level.age / timedelta(hours=1)
        yield Trouble(
            f"stale:{source}",
            Bilingual(
                f"{source} is stale: in core up to {told}, {hours:.0f} h ago (agreed: "
                f"{agreed.fresh_for / timedelta(hours=1):.0f} h). Open DAG sync_{source}: clear "
                "its failed task; if no run began, look at the scheduler; if the source is down, "
                f"call {agreed.owner.en}.",
                f"{source} chậm dữ liệu: kho có đến {told}, đã {hours:.0f} giờ. Mở DAG "
                f"sync_{source}, chạy lại tác vụ lỗi; nếu chưa có lượt chạy, kiểm tra bộ lập lịch; "
                f"nếu nguồn ngừng, liên hệ {agreed.owner.vi}.",
            ),
        )


def _held(session: Session) -> Iterator[Trouble]:
    for row in session.rows(sql_file("watch/held.sql")):
        name = f"{row.source_code}.{row.dataset_code}"
        yield Trouble(
            f"held:{row.load_id}",
            Bilingual(
                f"{name} of {row.day:%d/%m/%Y} is held (run {row.run_key}): {row.cause}. Nothing "
                f"of {row.source_code} is published; send the agency its list (agency_lists), "
                "then clear the dataset's first task with everything downstream.",
                f"{name} ngày {row.day:%d/%m/%Y} bị giữ lại: {row.cause}. Gửi danh sách lỗi cho "
                "cơ quan cung cấp, sau đó chạy lại từ tác vụ đầu của bộ dữ liệu.",
            ),
        )


def _unfinished(session: Session, now: datetime) -> Iterator[Trouble]:
    for row in session.rows(sql_file("watch/unfinished.sql"), before=now - STUCK_AFTER):
        yield Trouble(
            f"unfinished:{row.source_code}:{row.run_key}",
            Bilingual(
                f"Run {row.run_key} of {row.source_code} for {row.day:%d/%m/%Y} has come to no "
                f"end: {row.dataset_code} is {row.status}. Open DAG sync_{row.source_code} and "
                "clear the failed task; clearing is always safe.",
                f"Lượt chạy {row.run_key} của {row.source_code} ngày {row.day:%d/%m/%Y} chưa kết "
                f"thúc: {row.dataset_code} ở bước {row.status}. Chạy lại tác vụ lỗi.",
            ),
        )


def _unbalanced(session: Session) -> Iterator[Trouble]:
    for row in session.rows(sql_file("watch/unbalanced.sql")):
        name = f"{row.source_code}.{row.dataset_code}"
        yield Trouble(
            f"unbalanced:{row.load_id}",
            Bilingual(
                f"The books of load {row.load_id} ({name}, run {row.run_key}) do not balance: "
                "somebody changed the ledger by hand. Trust no number of this source; restore the "
                "warehouse from its last backup and sync the days since.",
                f"Sổ của lượt nạp {row.load_id} ({name}) không cân: sổ đã bị sửa. Khôi phục kho từ "
                "bản sao lưu gần nhất rồi đồng bộ lại.",
            ),
        )


def _unpublished(session: Session, now: datetime) -> Iterator[Trouble]:
    rows = session.rows(
        sql_file("watch/unpublished.sql"),
        before=now - PUBLISHED_WITHIN,
        sources=len(contract.sources()),
    )
    for row in rows:
        day = f"{row.day:%d/%m/%Y}"
        if row.build_id is not None:
            yield Trouble(
                f"build:{row.build_id}",
                Bilingual(
                    f"The KPIs of {day} wait for an official (build {row.build_id}): decide in "
                    "Airflow under Required Actions, or with release-build or reject-build.",
                    f"Chỉ tiêu ngày {day} đang chờ phê duyệt (lần tính {row.build_id}).",
                ),
            )
        else:
            yield Trouble(
                f"unpublished:{row.day}",
                Bilingual(
                    f"Every source has reached {day}, but its KPIs are not published. Open DAG "
                    "build_kpis: clear its failed task, or start a run.",
                    f"Đã đủ dữ liệu ngày {day} nhưng chưa công bố chỉ tiêu. Mở DAG build_kpis và "
                    "chạy lại.",
                ),
            )


def _expiring(session: Session, now: datetime) -> Iterator[Trouble]:
    rows = session.rows(
        """select source_code, expires_on from ops.source_credential
           where expires_on <= :day order by source_code""",
        day=(now + CREDENTIAL_NOTICE).date(),
    )
    for row in rows:
        yield Trouble(
            f"credential:{row.source_code}:{row.expires_on}",
            Bilingual(
                f"The credentials for {row.source_code} end on {row.expires_on:%d/%m/%Y}. Ask "
                f"{contract.load(row.source_code).owner.en} for new ones and put them into "
                f"connection dean06_{row.source_code}, with their expires_on.",
                f"Thông tin xác thực của {row.source_code} hết hạn ngày "
                f"{row.expires_on:%d/%m/%Y}. Đề nghị cấp mới.",
            ),
        )


def _remember(session: Session, troubles: list[Trouble], now: datetime) -> None:
    for trouble in troubles:
        session.run(
            """insert into ops.alert (alert_key, message_en, message_vi, opened_at)
               values (:key, :en, :vi, :now)
               on conflict (alert_key) where closed_at is null
               do update set message_en = excluded.message_en, message_vi = excluded.message_vi""",
            key=trouble.key,
            en=trouble.message.en,
            vi=trouble.message.vi,
            now=now,
        )
    session.run(
        """update ops.alert set closed_at = :now
           where closed_at is null and alert_key <> all(:keys)""",
        now=now,
        keys=[trouble.key for trouble in troubles],
    )


def _to_tell(session: Session, now: datetime) -> tuple[list[Any], list[Any]]:
    """Troubles that people have not heard of (today), and ends of those that they have."""
    due = session.rows(
        """select * from ops.alert
           where closed_at is null and (told_at is null or told_at <= :before)
           order by alert_id""",
        before=now - REMIND_AFTER,
    )
    over = session.rows(
        """select * from ops.alert
           where closed_at is not null and told_at is not null and recovery_told_at is null
           order by alert_id"""
    )
    return due, over


def _title(due: list[Any], over: list[Any]) -> str:
    parts = [f"{len(due)} to look at"] if due else []
    parts += [f"{len(over)} over"] if over else []
    return f"dean06: {', '.join(parts)}"


def _body(due: list[Any], over: list[Any]) -> str:
    lines = [f"• {row.message_en}\n  {row.message_vi}" for row in due]
    lines += [f"✓ over since {row.closed_at:%d/%m %H:%M} | đã hết: {row.alert_key}" for row in over]
    return "\n\n".join(lines)
