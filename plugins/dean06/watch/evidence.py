"""Evidence: whether the audit chain is signed in time, and the server's log keeps no values.

``head``: the newest signed head, which leaves the machine with the watchdog's messages.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from dean06.contract import Bilingual
from dean06.warehouse import Session, sql_file
from dean06.watch.problem import EN, EVIDENCE, VI, Kind, Problem

SEALED_WITHIN = timedelta(days=1)
"""``replay_corrections`` and ``build_kpis`` sign the chain every hour and every day."""


def detect(session: Session, now: datetime) -> Iterator[Problem]:
    """What is wrong with the evidence at a moment."""
    for kind, message in (
        (Kind.UNSEALED, _unsealed(session, now)),
        (Kind.LOGGED, _logged(session)),
    ):
        if message is not None:
            yield Problem(kind, message)


def noted(session: Session) -> list[Problem]:
    """What the watchdog detected at its last check, for those who may not read the trail."""
    return [
        Problem(Kind(row.alert_key), Bilingual(row.message_en, row.message_vi))
        for row in session.rows(
            """select alert_key, message_en, message_vi from ops.alert
               where closed_at is null and alert_key = any(:kinds) order by alert_id""",
            kinds=[kind.value for kind in EVIDENCE],
        )
    ]


def _unsealed(session: Session, now: datetime) -> Bilingual | None:
    """Acts that are older than a day and that no signed and stored head covers."""
    row = session.one(sql_file("watch/unsealed.sql"), before=now - SEALED_WITHIN)
    if row is None:
        return None
    return Bilingual(
        f"The audit trail has not been signed since {EN.at(row.since)}: the service account could "
        f"change the unsigned entries ({EN.number(row.notes)}) unnoticed. Check that DAG "
        "replay_corrections runs, and that DEAN06_AUDIT_KEYFILE and DEAN06_AUDIT_HEADS can be "
        "read and written. If the DAG runs, its log gives the reason.",
        f"Nhật ký truy vết chưa được ký từ {VI.at(row.since)} ({VI.number(row.notes)} mục "
        "chưa ký). Kiểm tra xem DAG replay_corrections có chạy không, hệ thống có đọc được "
        "DEAN06_AUDIT_KEYFILE và ghi được vào DEAN06_AUDIT_HEADS không. Nếu DAG vẫn chạy, xem lý "
        "do trong nhật ký của DAG.",
    )


def _logged(session: Session) -> Bilingual | None:
    """Settings by which the server's log keeps the service's statements, with what they hold."""
    row = session.one(
        """select current_setting('log_statement') as statements,
               current_setting('log_min_duration_statement') as slow"""
    )
    found = [f"log_statement = {row.statements}"] if row.statements in ("mod", "all") else []
    found += [f"log_min_duration_statement = {row.slow}"] if row.slow != "-1" else []
    if not found:
        return None
    told = ", ".join(found)
    return Bilingual(
        f"The server logs statements of the service account ({told}): they hold IDs and names "
        "of persons. Run include/sql/audit/log_readers.sql as a superuser, and remove the log "
        "files.",
        f"Máy chủ đang ghi câu lệnh của tài khoản dịch vụ vào nhật ký máy chủ ({told}); nhật ký "
        "này có dữ liệu cá nhân. Chạy include/sql/audit/log_readers.sql bằng tài khoản quản trị "
        "và xóa các tệp nhật ký.",
    )


def head(session: Session) -> Any:
    """The newest signed head, and when which one was sent last: entry_no, hash, signed_at,
    head_entry_no, head_told_at; publications, the newest signed note of the log of publications.
    None when nothing was signed yet."""
    return session.one(
        """select entry_no, hash, signed_at, head_entry_no, head_told_at,
               (select note from ops.publication_head order by size desc, stored_at desc limit 1)
                   as publications
           from ops.audit_head left join ops.watchdog on true
           order by entry_no desc limit 1"""
    )
