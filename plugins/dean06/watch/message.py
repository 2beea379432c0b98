"""What people get: the subject and the text of one message of the watchdog.

The subject names sources and days first, since a phone shows only its beginning.
"""

from collections.abc import Sequence
from typing import Any

from dean06.provinces import current
from dean06.warehouse import Session, sql_file
from dean06.watch.problem import EN, REMINDERS, VI

_MOST_SUBJECTS = 3


def title(session: Session, due: Sequence[Any], resolved: Sequence[Any]) -> str:
    """``dean06: health 05/11/2022 · 1 việc cần xử lý · 1 open``: sources, days, and how many."""
    sender = current.title("dean06")
    problems, reminders = _split(due)
    vi = [f"{len(problems)} việc cần xử lý"] if problems else []
    vi += [f"{len(resolved)} việc đã xử lý"] if resolved else []
    vi += [f"{len(reminders)} việc đôn đốc"] if reminders else []
    en = [f"{len(problems)} open"] if problems else []
    en += [f"{len(resolved)} resolved"] if resolved else []
    en += [_count(len(reminders), "reminder")] if reminders else []
    if not vi:
        return (
            f"{sender}: mã băm đã ký số mới nhất của nhật ký truy vết (không cần xử lý) · "
            "signed head of the audit trail (no action needed)"
        )
    about = _subjects(session, [*problems, *resolved, *reminders])
    return f"{sender}: " + " · ".join([*about, ", ".join(vi), ", ".join(en)])


def body(due: Sequence[Any], resolved: Sequence[Any], head: Any) -> str:
    """Problems, what is resolved, reminders, and the head of the audit chain."""
    problems, reminders = _split(due)
    lines = [_line(row) for row in problems]
    lines += [
        f"✓ đã xử lý lúc {VI.at(row.closed_at)} | resolved at {EN.at(row.closed_at)}\n"
        f"  {row.message_vi}\n  {row.message_en}"
        for row in resolved
    ]
    if reminders:
        lines.append("Đôn đốc cơ quan cung cấp dữ liệu | Agencies to remind:")
        lines += [_line(row) for row in reminders]
    if head is not None:
        lines.append(
            "Nhật ký truy vết (mục số · mã băm · thời điểm ký) | "
            "Audit trail (entry · hash · signed at): "
            f"{head.entry_no} · {head.hash} · {VI.moment(head.signed_at)}"
        )
        if head.publications is not None:
            lines.append(
                "Để đối chiếu về sau, lưu nội dung dưới đây thành tệp (mã băm đã ký số mới nhất "
                "của nhật ký công bố) | To check publications later, save the text below as a file "
                f"(newest signed head of the log of publications):\n{head.publications}"
            )
    return "\n\n".join(lines)


def _line(row: Any) -> str:
    return f"• {row.message_vi}\n  {row.message_en}"


def _split(due: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Alerts about problems, and those about deadlines of agencies."""
    kinds = {kind.value for kind in REMINDERS}
    reminders = [row for row in due if row.alert_key.partition(":")[0] in kinds]
    return [row for row in due if row not in reminders], reminders


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _subjects(session: Session, alerts: Sequence[Any]) -> list[str]:
    """Source and day of the alerts, each once, at most three of them; empty where none has any."""
    query = sql_file("watch/subjects.sql")
    row_of = {
        row.alert_id: row for row in session.rows(query, alerts=[each.alert_id for each in alerts])
    }
    named = dict.fromkeys(
        " ".join(filter(None, (row.source_code or row.thing, row.day and f"{row.day:%d/%m/%Y}")))
        for row in (row_of[each.alert_id] for each in alerts)
    )
    found = [each for each in named if each]
    more = [f"+{len(found) - _MOST_SUBJECTS}"] if len(found) > _MOST_SUBJECTS else []
    listed = ", ".join([*found[:_MOST_SUBJECTS], *more])
    return [listed] if listed else []
