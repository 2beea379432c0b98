"""Timeliness: which events the source told in time, worked out by hand."""

from datetime import date, timedelta

import pytest
import yaml

from dean06 import settings
from dean06.identity.verify import verify_identities
from tests.lib.facts import counted
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
EVENTS = {
    "health.encounter": ("encounter_id", "started_at"),
    "health.immunization": ("immunization_id", "occurred_on"),
    "portal.dossier": ("dossier_code", "received_at"),
}
_VERSION = date(2022, 10, 10)
"""The day on which ``record(version=10)`` is written, at 08:00 unless changed."""


def timely(day: date) -> dict[str, tuple[int, int]]:
    """By dataset, how many events of the 30 days are in time, of how many."""
    return {
        member.removeprefix("dataset:"): counts
        for (_, member), counts in counted("quality_timely", day).items()
    }


def event(code: str, key: str, happened: str, *written: str) -> None:
    """One event, told in versions written at these moments."""
    name, dated_by = EVENTS[code]
    versions = [
        {**record(code, **{name: key, dated_by: happened}), "updated_at": moment}
        for moment in written
    ]
    load(code, *versions)


@pytest.mark.parametrize("code", EVENTS)
def test_the_first_version_decides_and_one_o_clock_is_in_time(code: str) -> None:
    event(code, "on time", "2022-10-10", "2022-10-11 01:00:00+07")
    event(code, "a second late", "2022-10-10", "2022-10-11 01:00:01+07")
    event(code, "corrected later", "2022-10-10", "2022-10-10 20:00+07", "2022-10-20 08:00+07")
    event(code, "late and corrected", "2022-10-10", "2022-10-12 08:00+07", "2022-10-20 08:00+07")
    assert timely(_VERSION) == {code: (2, 4)}


@pytest.mark.parametrize("code", EVENTS)
def test_thirty_days_count_the_day_itself_and_the_29_before(code: str) -> None:
    event(code, "1", "2022-10-10", "2022-10-10 20:00+07")
    assert timely(_VERSION - timedelta(1)) == {}
    assert timely(_VERSION) == timely(_VERSION + timedelta(29)) == {code: (1, 1)}
    assert timely(_VERSION + timedelta(30)) == {}


def test_withdrawn_events_and_vaccines_not_given_are_none() -> None:
    load("health.encounter", record("health.encounter", is_deleted=True))
    given = record("health.immunization", immunization_status="not-done")
    load("health.immunization", given)
    load("portal.dossier", record("portal.dossier", is_deleted=True))
    assert timely(date(2022, 10, 10)) == {}


@pytest.mark.parametrize("code", EVENTS)
def test_events_after_the_death_are_left_out(code: str) -> None:
    resident = record("police.resident", version=2, effective_on="2022-10-09",
                      residence_status="da_chet")  # fmt: skip
    load("police.resident", resident)
    event(code, "in life", "2022-10-09", "2022-10-09 20:00+07")
    event(code, "after", "2022-10-10", "2022-10-10 20:00+07")
    verify_identities()
    assert timely(_VERSION) == {code: (1, 1)}


def test_the_hour_is_the_one_that_the_contracts_promise() -> None:
    promised = {
        (promise["value"], promise["unit"])
        for source in {code.split(".")[0] for code in EVENTS}
        for promise in yaml.safe_load(
            (settings.CONTRACTS / f"{source}.yaml").read_text(encoding="utf-8")
        )["slaProperties"]
        if promise["property"] == "arrival"
    }
    assert promised == {("01:00", "local time")}
