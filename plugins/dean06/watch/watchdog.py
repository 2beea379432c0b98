"""The watchdog: checks the ledger and Airflow from outside and notifies people of problems.

It is the only one that notifies, so an alert depends on no task that may be killed. It does not
need Airflow: that it is dead is a problem, and data that are expected and have not arrived are one
whatever the reason. People are notified of a problem once (and
again every day while it lasts), and once when it is resolved. ``ops.alert`` remembers what was
sent, so a restart repeats nothing. Every message ends with the newest signed head of the audit
chain, and one is sent for it alone on a day without others: a history that is rewritten later
differs from what people have in their mail.
"""

import logging
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from dean06 import settings
from dean06.errors import Dean06Error, WarehouseError
from dean06.provinces import current, files
from dean06.warehouse import Lock, Session, transaction
from dean06.watch import alerts, everything, evidence, message
from dean06.watch.problem import FROM_AIRFLOW, Kind, Problem

log = logging.getLogger(__name__)

REMIND_AFTER = timedelta(days=1)
SETTLES_WITHIN = timedelta(minutes=3)
"""Airflow takes this long to start, and is asked before that."""
_STARTING = (Kind.AIRFLOW_UNREACHABLE, Kind.AIRFLOW_PART)


def watch(every: timedelta, province: str = "") -> None:
    """Check for ever. What stops one check (no warehouse, no mailbox) is reported and retried.

    ``province``: the one that is checked where there are several, until it has no file any more;
    each check reads its file again.
    """
    is_lost = is_told = False
    while not province or files.has(province):
        started = time.monotonic()
        try:
            with current.acting(province or current.key()):
                is_lost = _check_once(is_lost)
            is_told = False
        except Dean06Error as error:  # the file of the province is wrong
            is_told = is_told or _report_file(province, error)
        # A check that takes long, as on a busy machine, does not make people wait for the next.
        time.sleep(max(0.0, every.total_seconds() - (time.monotonic() - started)))


def _check_once(is_lost: bool) -> bool:
    """Check, whatever stops it; ``is_lost``, and the result: people know that the warehouse cannot
    be reached."""
    try:
        check(datetime.now(settings.TIMEZONE))
        if is_lost:
            alerts.send(
                f"{_sender()}: đã kết nối lại được kho dữ liệu · the warehouse is reachable again",
                "Hệ thống giám sát đã kết nối lại được với kho dữ liệu. | The watchdog can "
                "read the ledger again.",
            )
    except WarehouseError as error:
        return is_lost or _report_warehouse(error)
    except Dean06Error as error:
        log.error("%s", error)
        return is_lost
    return False


def _sender() -> str:
    return current.title("dean06")


def _report_file(province: str, error: Dean06Error) -> bool:
    """Notify people of the installation that a province cannot be worked for; whether the message
    was sent."""
    log.error("%s", error)
    said = error.detail.text("vi") if error.detail else str(error)
    try:
        alerts.send(
            f"dean06: chưa đồng bộ được dữ liệu của tỉnh {province} · {province} cannot be synced",
            f"{said} | {error}",
        )
    except Dean06Error as unsent:
        log.error("%s", unsent)
        return False
    return True


def _report_warehouse(error: WarehouseError) -> bool:
    """Notify people that the watchdog cannot read the ledger; whether the message was sent."""
    try:
        alerts.send(
            f"{_sender()}: không kết nối được kho dữ liệu · the warehouse is not reachable",
            "Không kết nối được kho dữ liệu nên chưa kiểm tra và đồng bộ được: kiểm tra máy chủ "
            f"PostgreSQL. | {error}. Nothing can be checked or synced meanwhile: check the "
            "PostgreSQL server.",
        )
    except Dean06Error as unsent:
        log.error("%s", unsent)
        return False
    return True


def check(now: datetime, *, is_shown: bool = False) -> list[Problem]:
    """One check: detect, remember, notify of what is new or resolved. Returns the current problems,
    then the reminders of deadlines.

    ``is_shown``: the caller shows them, so the log need not repeat them. Raises Dean06Error when a
    service did not take the message: it is sent again at the next check.
    """
    with transaction() as session:
        found = everything.detect(session, now, reads_trail=True)
        problems = [*found.problems, *found.reminders]
        unknown = () if found.is_airflow_known else FROM_AIRFLOW
        _remember(session, problems, unknown, now)
    with transaction() as session:
        session.lock(Lock.WATCH)
        session.run(
            """insert into ops.watchdog (checked_at) values (clock_timestamp())
               on conflict (only_row) do update set checked_at = excluded.checked_at"""
        )
        if settings.alert_urls():
            _notify(session, now)
        else:
            _log_new(session, now, is_shown=is_shown)
    log.info("checked: %d problems, %d reminders", len(found.problems), len(found.reminders))
    return problems


def _notify(session: Session, now: datetime) -> None:
    """Send people what they do not know yet, and remember that they got it."""
    due, resolved = _to_send(session, now)
    head = evidence.head(session)
    if not (due or resolved or _is_news(head, now)):
        return
    alerts.send(message.title(session, due, resolved), message.body(due, resolved, head))
    sent = "update ops.alert set {} = :now where alert_id = any(:ids)"
    session.run(sent.format("told_at"), now=now, ids=[row.alert_id for row in due])
    session.run(sent.format("recovery_told_at"), now=now, ids=[row.alert_id for row in resolved])
    if head is not None:
        session.run(
            "update ops.watchdog set head_entry_no = :entry, head_told_at = :now",
            entry=head.entry_no,
            now=now,
        )


def _log_new(session: Session, now: datetime, *, is_shown: bool) -> None:
    """Log what this check found first. Nobody got a message, so none is remembered as sent:
    another watchdog, or this one with recipients, still has to send it."""
    opened = session.rows(
        "select * from ops.alert where opened_at = :now order by alert_id", now=now
    )
    if opened:
        shown = "" if is_shown else f"\n{message.body(opened, [], None)}"
        log.warning("DEAN06_ALERT_URLS is empty: nobody is notified%s", shown)


def is_awake(within: timedelta) -> bool:
    """Whether the watchdog finished a check lately: for the health check of its service."""
    with transaction() as session:
        row = session.one(
            "select checked_at > clock_timestamp() - :within as is_awake from ops.watchdog",
            within=within,
        )
    return bool(row and row.is_awake)


def _remember(
    session: Session, problems: list[Problem], unknown: Collection[Kind], now: datetime
) -> None:
    """Open alerts for new problems; close those of others, except of kinds that are ``unknown``."""
    for problem in problems:
        session.run(
            """insert into ops.alert (alert_key, message_en, message_vi, opened_at)
               values (:key, :en, :vi, :now)
               on conflict (alert_key) where closed_at is null
               do update set message_en = excluded.message_en, message_vi = excluded.message_vi""",
            key=problem.key,
            en=_with_detail(problem, "en"),
            vi=_with_detail(problem, "vi"),
            now=now,
        )
    session.run(
        """update ops.alert set closed_at = :now
           where closed_at is null and alert_key <> all(:keys)
               and split_part(alert_key, ':', 1) <> all(:unknown)""",
        now=now,
        unknown=[kind.value for kind in unknown],
        keys=[problem.key for problem in problems],
    )


def _with_detail(problem: Problem, language: str) -> str:
    lines = [getattr(problem.message, language)]
    if problem.detail:
        lines.append(getattr(problem.detail.text, language))
    return "\n  ".join(lines)


def _to_send(session: Session, now: datetime) -> tuple[list[Any], list[Any]]:
    """Problems that people were not notified of (today), and resolved ones that they were."""
    due = session.rows(
        """select * from ops.alert
           where closed_at is null and (told_at is null or told_at <= :before)
               and (opened_at <= :settled or split_part(alert_key, ':', 1) <> all(:starting))
           order by alert_id""",
        before=now - REMIND_AFTER,
        settled=now - SETTLES_WITHIN,
        starting=[kind.value for kind in _STARTING],
    )
    resolved = session.rows(
        """select * from ops.alert
           where closed_at is not null and told_at is not null and recovery_told_at is null
           order by alert_id"""
    )
    return due, resolved


def _is_news(head: Any, now: datetime) -> bool:
    """Whether people have not had this head, nor any other within a day."""
    return (
        head is not None
        and head.entry_no != head.head_entry_no
        and (head.head_told_at is None or head.head_told_at <= now - REMIND_AFTER)
    )
