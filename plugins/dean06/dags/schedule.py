"""When DAGs run: by the clock from ``DEAN06_SCHEDULE_FROM`` on, and whenever an asset comes.

An installation that syncs on request only (``make run``) has no clock, so that Airflow shows no
next run that never comes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from airflow.sdk import (
    Asset,
    AssetAny,
    AssetOrTimeSchedule,
    CronDataIntervalTimetable,
    CronTriggerTimetable,
)

from dean06 import settings

DAILY_AT = "0 1 * * *"
"""01:00 Asia/Ho_Chi_Minh: by then every contract promises the day that ended at midnight."""
_ZONE = "Asia/Ho_Chi_Minh"


def of_sync() -> Any:
    """When a source is synced; None: on request only."""
    return (
        None
        if settings.syncs_on_request_only()
        else CronDataIntervalTimetable(DAILY_AT, timezone=_ZONE)
    )


def at(cron: str, assets: Sequence[Asset] = ()) -> Any:
    """At times (cron, Vietnam), and sooner when one of ``assets`` comes."""
    any_asset = AssetAny(*assets) if assets else None
    if settings.syncs_on_request_only():
        return any_asset
    times = CronTriggerTimetable(cron, timezone=_ZONE)
    return AssetOrTimeSchedule(timetable=times, assets=any_asset) if any_asset else times


def first_day() -> datetime | None:
    """From when the scheduler starts runs of its own; None where it has no clock.

    Days before it are synced on request, with parameter ``day``.
    """
    if settings.syncs_on_request_only():
        return None
    return settings.start_of(settings.scheduled_from())
