"""The data quality index and the groups of errors, on values with answers written by hand."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dean06 import settings
from dean06.errors import ContractError
from dean06.kpi import disclosure
from dean06.reference import error_groups, tables
from dean06.warehouse import transaction
from tests.lib.corrections import WRONG, deliver, sent
from tests.lib.disclosure import made_up
from tests.lib.loading import rows

DAY = date(2022, 10, 31)
_PARTS = ("accurate", "complete", "clean", "timely", "consistent")
_INSURED, _VISIT, _VACCINATION = (
    "insurance.participant", "health.encounter", "health.immunization",
)  # fmt: skip


def _values(
    level: str, unit: str, shares: dict[str, tuple[int, int]], by: str = "", member: str = ""
) -> made_up.Values:
    places = [("as_reported", level, unit)]
    if level == "province":
        places.append(("current", level, unit))
    return {
        (code, *place, by, member): (part, whole - part)
        for code, (part, whole) in shares.items()
        for place in places
    }


def _shares(*parts: tuple[int, int]) -> dict[str, tuple[int, int]]:
    return {f"quality.{name}_share": part for name, part in zip(_PARTS, parts, strict=False)}


def _index(level: str = "province", source: str = "") -> Any:
    with transaction("dean06_bi") as session:
        return session.one(
            """select * from mart.quality_index
               where boundary_version = 'as_reported' and unit_level = :level
                   and source_code = :source""",
            level=level,
            source=source,
        )


@pytest.fixture(params=["0", "5"], ids=["exact", "rounded"])
def published(request: pytest.FixtureRequest, warehouse: str, monkeypatch) -> str:
    """A province with 80, 90, 50, 70 and 60 %, a commune, and two sources."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", request.param)
    of_source = {"quality.consistent_by_source_share": (30, 60)}
    health = _shares((300, 400), (400, 500), (100, 200), (50, 100))
    made_up.publish_values(
        _values("province", "82", _shares((80, 100), (90, 100), (50, 100), (70, 100), (60, 100)))
        | _values("province", "82", of_source)
        | _values("commune", "28249", _shares((80, 100), (90, 100), (50, 100), (70, 100), (3, 4)))
        | _values("province", "82", health, "dataset", _VISIT)
        | _values("province", "82", _shares((100, 100), (100, 100)), "dataset", _VACCINATION)
        | _values("province", "82", _shares((80, 100), (90, 100), (90, 100)), "dataset", _INSURED)
        | _values("province", "82", of_source, "source", "health")
        | _values("province", "82", of_source, "source", "insurance"),
        DAY,
    )
    return str(request.param)


def test_the_index_is_the_weighted_mean_with_its_assumption(published: str) -> None:
    found = _index()
    # 0.2 · (0.8 + 0.9 + 0.5 + 0.7 + 0.6)
    assert float(found.index_share) == 0.7
    assert (found.reason_vi, found.reason_en, found.is_assumed) == (None, None, True)
    assert found.weights_vi == "đúng 0,2; đủ 0,2; sạch 0,2; sống 0,2; thống nhất 0,2"
    assert "tạm tính các trọng số bằng nhau" in found.note_vi
    assert found.noted_on == date(2026, 11, 27)


def test_a_source_has_its_own_index_of_all_its_datasets(published: str) -> None:
    found = _index(source="health")
    # (300 + 100) of (400 + 100); (400 + 100) of (500 + 100); 100 of 200; 50 of 100; 30 of 60.
    right = [0.8, 0.833333, 0.5, 0.5, 0.5]
    parts = [float(getattr(found, f"{name}_share")) for name in _PARTS]
    assert parts == (right if published == "0" else pytest.approx(right, abs=0.05))
    assert float(found.index_share) == pytest.approx(sum(parts) / 5, abs=1e-5)
    assert found.is_rounded == (published != "0")


def test_a_source_without_events_has_no_index_and_says_why(published: str) -> None:
    found = _index(source="insurance")
    assert found.accurate_share is not None
    assert (found.timely_share, found.index_share) == (None, None)
    assert found.reason_vi == "Sống: không áp dụng đối với nguồn này"
    assert found.reason_en == "Timely: does not apply to this source"


def test_a_commune_has_an_index_if_each_part_is_shown(published: str) -> None:
    found = _index("commune")
    assert found.is_rounded == (published != "0")
    # Rounded, 3 of 4 is 0 of 0 by the secret, or a share.
    assert (found.index_share is None) == (found.consistent_share is None)
    assert bool(found.reason_vi) == (found.consistent_share is None)
    if published == "0":
        # 0.2 · (0.8 + 0.9 + 0.5 + 0.7 + 0.75)
        assert float(found.index_share) == 0.73


def test_weights_that_do_not_make_one_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (settings.REFERENCE / "quality_weights.csv").read_text(encoding="utf-8")
    (tmp_path / "quality_weights.csv").write_text(text.replace("0.2,true", "0.3,true", 1), "utf-8")
    monkeypatch.setattr(settings, "REFERENCE", tmp_path)
    tables.quality_weights.cache_clear()
    with pytest.raises(ContractError, match=r"quality_weights\.csv: weights since 2015-01-01"):
        tables.quality_weights()
    tables.quality_weights.cache_clear()


def test_every_rule_and_verdict_has_one_of_eight_groups() -> None:
    placed = {(each.kind, each.code): each.group_code for each in error_groups.mapping()}
    assert len(tables.error_groups()) == 8
    assert set(placed.values()) == {each.group_code for each in tables.error_groups()}
    assert len(placed) == len(error_groups.rules()) + 11
    # One of each group, by hand.
    assert placed["rule", "full_name_present"] == "missing"
    assert placed["rule", "personal_id_well_formed"] == "personal_id"
    assert placed["verdict", "duplicate_id"] == "duplicate"
    assert placed["rule", "applicant_name_not_vni"] == "name"
    assert placed["rule", "started_at_clock"] == "date"
    assert placed["rule", "commune_code_known"] == "code"
    assert placed["rule", "readable"] == "unreadable"
    assert placed["verdict", "deceased"] == "outdated"


@pytest.mark.parametrize(
    ("rule", "many"), [("fees_paid", "no group"), ("paid_after_receipt_known", "2")]
)
def test_a_rule_without_one_group_is_refused_by_name(
    rule: str, many: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "land").mkdir()
    suite = {"expectations": [{"meta": {"rule": rule}}]}
    (tmp_path / "land" / "parcel.json").write_text(json.dumps(suite), encoding="utf-8")
    monkeypatch.setattr(settings, "EXPECTATIONS", tmp_path)
    refusal = rf"expectations/land/parcel\.json: rule {rule} has {many}"
    with pytest.raises(ContractError, match=refusal):
        error_groups.mapping()


@pytest.mark.usefixtures("warehouse", "lists_root")
def test_rejected_records_count_in_the_groups_of_their_rules(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "0")
    day = "2023-01-17"
    deliver(
        day,
        *(sent(number, day, **WRONG) for number in range(1, 5)),
        sent(5, day, **WRONG, ngaySinh="2022-02-31"),
        sent(6, day, ngaySinh="2022-02-31"),
    )
    found = dict(rows("select group_code, record_count from mart.error_group_count"))
    assert {group: number for group, number in found.items() if number} == {"code": 5, "date": 2}
    assert len(found) == 8
    # Thirty days later the deliveries of that day are past.
    with transaction() as session:
        disclosure.publish_errors(session, date(2023, 2, 16))
    assert rows(
        "select sum(record_count) from mart.error_count where as_of_date = '2023-02-16'"
    ) == [(0,)]


@pytest.mark.usefixtures("warehouse", "lists_root")
def test_readers_get_rounded_counts_of_groups_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    day = "2023-01-17"
    deliver(day, *(sent(number, day, **WRONG) for number in range(1, 5)))
    published = rows("select * from mart.error_count")
    assert {row[3] for row in published} <= {0, 10}
    assert {row[4] for row in published} == {True}
    with transaction() as session:
        disclosure.publish_errors(session, date(2023, 1, 17))
    assert rows("select * from mart.error_count") == published


@pytest.mark.usefixtures("warehouse")
def test_verdicts_count_in_their_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "0")
    found: made_up.Counts = Counter()
    for verdict, many in (
        ("verified", 100), ("mismatch_name", 7), ("mismatch_birth_date", 3),
        ("mismatch_birth_date_swapped", 2), ("missing_id", 6), ("id_is_cmnd", 5), ("not_found", 4),
    ):  # fmt: skip
        made_up.add(
            found, "0", "quality.compared_records", many, "counted", "outcome",
            f"{_INSURED}/{verdict}",
        )  # fmt: skip
    made_up.add(found, "0", "quality.deceased_records", 8, "counted", "dataset", _INSURED)
    made_up.publish(communes=6, found=found)
    counted = rows("select group_code, record_count from mart.error_group_count")
    # Nothing can be unreadable and have a verdict.
    assert dict(counted) == {
        "name": 7, "date": 5, "missing": 6, "personal_id": 9, "outdated": 8, "duplicate": 0,
        "code": 0,
    }  # fmt: skip
