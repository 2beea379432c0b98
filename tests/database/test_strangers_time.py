"""Times as strangers write them, from landed file to core: exact, or set aside with a reason."""

import itertools
import random
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from dean06.kpi.build import build_kpis
from tests.lib.loading import lines_of, load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
FILES = Path(__file__).resolve().parents[1] / "data" / "strangers"


def _sent(path: str) -> bytes:
    return (FILES / path).read_bytes()


def _load_insurance(run: str, day: str, body: bytes, records: int) -> None:
    load_source("insurance", run, day, {"participant": (body, records)})


def _rejected() -> dict[int, list[str]]:
    return dict(rows("select row_no, rule_codes from ops.quarantine"))


def test_a_fraction_of_seven_digits_does_not_reach_the_next_day() -> None:
    body = _sent("seven-digit-fraction/in.ndjson")
    load_source("health", "one", "2022-10-31", {"encounter": (body, 2)})
    assert rows(
        """select encounter_id, (started_at at time zone 'Asia/Ho_Chi_Minh')::text,
                  (updated_at at time zone 'Asia/Ho_Chi_Minh')::text
           from core.health__encounter order by encounter_id"""
    ) == [
        ("noon", "2022-10-31 12:00:00", "2022-10-31 12:00:00"),
        ("tick", "2022-10-31 23:59:59.999999", "2022-10-31 23:59:59.999999"),
    ]


def test_who_is_born_after_the_record_was_written_is_set_aside() -> None:
    _load_insurance("one", "2022-10-31", _sent("birth-in-the-future/in.csv"), 2)
    # The header is line 1.
    assert _rejected() == {row: ["birth_date_not_in_future"] for row in (2, 3)}
    assert rows("select count(*) from core.insurance__participant") == [(0,)]


DAYS = {
    "2022-10-31": "moment-in-the-future/day1.csv",
    "2022-11-01": "moment-in-the-future/day2.csv",
}


def test_a_moment_after_its_window_never_hides_a_correction() -> None:
    for day, path in DAYS.items():
        _load_insurance(day, day, _sent(path), 2)
    assert rows("select row_no, rule_codes from ops.quarantine") == [
        (2, ["updated_at_in_window"]),  # the header is line 1
    ]
    assert rows(
        """select bhxh_code, commune_code from core.insurance__participant
           where _is_current order by 1"""
    ) == [("8200000001", "28252"), ("8200000002", "28252")]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.one_in(3)
def test_a_future_moment_waits_in_whatever_order_windows_arrive(order: tuple[int, ...]) -> None:
    """Three windows: the claim of 2023, its correction, and the window that reaches the claim."""
    future = resident(maXa="28249", capNhatLuc="2023-10-31T08:00:00+07:00")
    true = resident(maXa="28252", capNhatLuc="2022-11-01T08:00:00+07:00")
    runs = [("2022-10-31", [future]), ("2022-11-01", [true]), ("2022-11-02", [])]
    for number in order:
        day, records = runs[number]
        load_police(day, day, records)
    current = "select commune_code from core.police__resident where _is_current"
    assert rows(current) == [("28252",)]
    # What the source still says when its window comes is the source's own newest version.
    load_police("later", "2023-10-31", [future])
    assert rows(current) == [("28249",)]


CLOCKS: list[tuple[dict[str, Any], list[str]]] = [
    ({"capNhatLuc": "2022-10-31T23:59:60+07:00"}, ["updated_at_clock"]),
    ({"capNhatLuc": "2022-10-31T08:00:00+14:00"}, []),
    ({"capNhatLuc": "2022-10-31T08:00:00+14:15"}, ["updated_at_clock"]),
    ({"capNhatLuc": "2022-10-31T08:00:00+15:30"}, ["updated_at_clock"]),
    ({"capNhatLuc": "2022-10-30T08:00:00-12:15"}, ["updated_at_clock"]),
    ({"capNhatLuc": "2022-10-31T08:00:00+07:10"}, ["updated_at_clock"]),
    ({"capNhatLuc": "2022-10-31T08:00:00+05:45"}, []),
    ({"capNhatLuc": "2022-11-01T00:00:00+07:00"}, []),
    ({"capNhatLuc": "2022-11-01T00:00:01+07:00"}, ["updated_at_in_window"]),
    ({"capNhatLuc": "2022-10-31T17:00:00Z"}, []),
    ({"capNhatLuc": "2022-10-31T17:00:01Z"}, ["updated_at_in_window"]),
    ({"ngaySinh": "2022-10-31"}, []),
    ({"ngaySinh": "2022-11-01"}, ["birth_date_not_in_future"]),
    ({"ngaySinh": "2022"}, []),
    ({"ngaySinh": "2023"}, ["birth_date_not_in_future"]),
    ({"ngaySinh": "2022-11-01", "capNhatLuc": "2022-10-31T17:00:00Z"}, []),
    ({"ngayHieuLuc": "2022-11-02"}, ["effective_on_not_in_future"]),
    ({"ngayHieuLuc": "2022-02-31"}, ["effective_on_valid"]),
]


def test_each_impossible_time_is_set_aside_for_its_own_reason() -> None:
    records = [
        resident(**{"soDinhDanh": f"0821900001{n:02d}"} | changes)
        for n, (changes, _) in enumerate(CLOCKS)
    ]
    load_police("one", "2022-10-31", records)
    broken = _rejected()
    for row, (changes, rules) in enumerate(CLOCKS, start=1):
        assert broken.get(row, []) == rules, changes


def test_a_moment_before_its_window_loads_with_a_warning() -> None:
    load_police("one", "2022-10-30", [])
    load_police("two", "2022-10-31", [resident(capNhatLuc="2022-10-30T12:00:00+07:00")])
    assert rows("select commune_code from core.police__resident") == [("28249",)]
    assert rows(
        """select rule_code, severity, unexpected_count from ops.validation_result
           where unexpected_count > 0"""
    ) == [("updated_at_after_window_start", "warning", 1)]


def test_every_readable_moment_is_cut_to_the_microsecond() -> None:
    """Against whole numbers of nanoseconds, which no database has rounded."""
    draw = random.Random(14)
    sent: dict[str, tuple[str, datetime]] = {}
    for number in range(2000):
        digits = draw.randint(0, 9)
        nanos = draw.choice([draw.randrange(10**9), 10**9 - 1, 999_999_500, 0])
        fraction = f"{nanos:09d}"[:digits]
        offset = draw.choice([420, 0, 345, -720, 840, -210])
        local = datetime(2022, 10, 20, tzinfo=UTC) + timedelta(seconds=draw.randrange(9 * 86400))
        zone = timezone(timedelta(minutes=offset))
        sign = "-" if offset < 0 else "+"
        text = (
            f"{local:%Y-%m-%dT%H:%M:%S}{'.' + fraction if digits else ''}"
            f"{sign}{abs(offset) // 60:02d}:{abs(offset) % 60:02d}"
        )
        micros = int(fraction.ljust(9, "0")[:6])
        sent[f"082190{number:06d}"] = (
            text,
            local.replace(microsecond=micros, tzinfo=zone).astimezone(UTC),
        )
    records = [resident(soDinhDanh=key, capNhatLuc=text) for key, (text, _) in sent.items()]
    load_police("one", "2022-10-31", records)
    found = rows("select personal_id, updated_at from core.police__resident")
    assert {key: moment.astimezone(UTC) for key, moment in found} == {
        key: moment for key, (_, moment) in sent.items()
    }


def test_kpis_of_a_day_hold_what_ended_in_its_last_microsecond() -> None:
    police = [resident(capNhatLuc="2022-10-31T08:00:00+07:00")]
    load_police("one", "2022-10-31", police)
    body = _sent("seven-digit-fraction/in.ndjson")
    load_source("health", "one", "2022-10-31", {"encounter": (body, 2)})
    build_kpis()
    assert rows(
        """select numerator, denominator from mart.kpi_latest
           where kpi_code = 'health.id_card_visits_month' and as_of_date = '2022-10-31'
             and unit_level = 'province' and boundary_version = 'as_reported'"""
    ) == [(2, 2)]


VACCINATION = {
    "resourceType": "Immunization", "status": "completed",
    "meta": {"lastUpdated": "2022-11-01T00:00:00+07:00"},
    "contained": [
        {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990"},
    ],
    "extension": [
        {
            "url": "https://dean06.example/fhir/StructureDefinition/facility-commune",
            "valueCode": "28249",
        },
    ],
    "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "218"}]},
    "patient": {"reference": "#p"}, "performer": [{"actor": {"identifier": {"value": "82175"}}}],
    "protocolApplied": [{"doseNumberPositiveInt": 1}],
}  # fmt: skip


def test_rules_of_order_cut_moments_as_core_does() -> None:
    """Two moments in one microsecond, one of them written with more digits."""
    visits = [
        {
            "maTaiKhoan": f"E0000000000{number}", "soDinhDanh": "082190000001", "maXa": "28249",
            "dangKyLuc": f"2022-10-31T{began}", "daXoa": False,
            "capNhatLuc": f"2022-10-31T{written}", "nangMuc2Luc": None, "kichHoatLuc": None,
            "khoaLuc": None,
        }
        for number, (began, written) in enumerate((
            ("08:00:00.9999999+07:00", "08:00:00.999999+07:00"),
            ("23:59:59.9999999+07:00", "23:59:59.999999+07:00"),
            ("01:00:00.999999999Z", "08:00:00.9999990+07:00"),
        ))
    ]  # fmt: skip
    body = lines_of(visits)
    load_source("police", "one", "2022-10-31", {"eid_account": (body, len(visits))})
    assert rows("select row_no, rule_codes from ops.quarantine") == []
    same = "select count(*) from core.police__eid_account where registered_at = updated_at"
    assert rows(same) == [(3,)]


def test_a_day_that_comes_as_a_moment_is_the_day_in_vietnam() -> None:
    written = {
        "2022-10-30T23:30:00Z": "2022-10-31",
        "2022-10-31T00:30:00+07:00": "2022-10-31",
        "2022-10-30T16:59:59.9999999Z": "2022-10-30",
        "2022-10-29T14:00:00-10:00": "2022-10-30",
        "2022-10-31T01:30:00+09:00": "2022-10-30",
        "2022-10-30": "2022-10-30",
    }
    body = lines_of(
        {**VACCINATION, "id": str(number), "occurrenceDateTime": text}
        for number, text in enumerate(written)
    )
    load_source("health", "one", "2022-10-31", {"immunization": (body, len(written))})
    found = rows("select occurred_on::text from core.health__immunization order by immunization_id")
    assert [day for (day,) in found] == list(written.values())
