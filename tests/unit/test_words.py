"""How pages write published values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
import yaml
from fastapi.testclient import TestClient

from dean06 import settings
from dean06.contract import Bilingual
from dean06.figures import members
from dean06.kpi import family
from dean06.kpi.reasons import REASONS
from dean06.reference import tables
from dean06.ui.language import Words
from tests.lib.pages import Person, pages_for


@dataclass
class Row:
    value: Decimal | None
    reason_vi: str | None = None
    reason_en: str | None = None


@pytest.mark.parametrize(
    ("row", "unit", "vi", "en"),
    [
        (Row(Decimal(1234)), "person", "1.234", "1,234"),
        (Row(Decimal("0.9876")), "share", "98,8%", "98.8%"),
        (Row(Decimal("0.99996")), "share", "99,9%", "99.9%"),
        (Row(Decimal("0.00001")), "share", "0,1%", "0.1%"),
        (Row(Decimal(1)), "share", "100,0%", "100.0%"),
        (Row(Decimal(0)), "person", "0", "0"),
        (Row(None, "không hiển thị", "not shown"), "person", "không hiển thị", "not shown"),
        (Row(Decimal(0), "thừa", "odd"), "share", "0,0%", "0.0%"),
        (None, "share", "chưa có số liệu: chưa công bố", "not available: not published"),
    ],
)
def test_zero_is_a_number_and_what_is_missing_says_why(
    row: Row | None, unit: str, vi: str, en: str
) -> None:
    assert Words("vi").published(row, unit) == vi
    assert Words("en").published(row, unit) == en


@pytest.mark.parametrize(
    ("change", "unit", "vi"),
    [
        (Decimal(1204), "person", "+1.204"),
        (Decimal(-3), "person", "−3"),
        (Decimal(0), "person", "không đổi"),
        (Decimal("-0.003"), "share", "−0,3 điểm phần trăm"),
        (Decimal("-0.0004"), "share", "0,0 điểm phần trăm"),
        (Decimal("0.0004"), "share", "0,0 điểm phần trăm"),
        (Decimal(0), "share", "không đổi"),
    ],
)
def test_a_change_that_is_written_as_zero_has_no_sign(change: Decimal, unit: str, vi: str) -> None:
    assert Words("vi").difference(change, unit) == vi


@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (Decimal("0.1"), "case", "≥ 0,1", "≥ 0.1"),  # 10 at the scale of 1/100
        (Decimal("1046.90"), "account", "≥ 1.046,9", "≥ 1,046.9"),  # 5% of 20,938
        (Decimal(150000), "account", "≥ 150.000", "≥ 150,000"),
        (Decimal("1E+2"), "account", "≥ 100", "≥ 100"),
        (Decimal("0.001"), "case", "≥ 0,001", "≥ 0.001"),
        (Decimal("0.5"), "share", "≥ 50,0%", "≥ 50.0%"),
        (Decimal("0.8775"), "share", "≥ 87,75%", "≥ 87.75%"),
    ],
)
def test_a_target_is_shown_as_the_value_is_compared_with_it(
    value: Decimal, unit: str, vi: str, en: str
) -> None:
    assert Words("vi").target(">=", value, unit) == vi
    assert Words("en").target(">=", value, unit) == en


def test_what_communes_are_compared_with_is_not_rounded_away() -> None:
    assert Words("en").wanted(">=", 5.0, "per_100") == "≥ 5.0"
    assert Words("en").wanted("<=", 0.0125, "per_100") == "≤ 0.0125"
    assert Words("vi").wanted(">=", 0.8775, "share") == "≥ 87,75%"


def test_every_breakdown_of_every_kpi_has_a_name_in_both_languages() -> None:
    used = {by for each in family.families() for kpi in each.kpis for by in kpi.breakdowns}
    assert used == members.BREAKDOWNS.keys()
    assert all(name.vi and name.en != name.vi for name in members.BREAKDOWNS.values())


def test_a_breakdown_of_an_installations_own_kpi_is_shown_by_its_code() -> None:
    assert members.breakdown_name("sex") == Bilingual("sex", "sex")


@pytest.mark.parametrize(
    ("breakdown", "code", "vi", "en"),
    [
        ("outcome", "insurance.participant/verified",
         "Người tham gia bảo hiểm: đã xác thực", "Insurance participants: verified"),
        ("outcome", "portal.dossier/duplicate_id",
         "Hồ sơ trên Cổng dịch vụ công: trùng số định danh",
         "Dossiers of the service portal: ID used by several records"),
        ("station", "khac", "Khác", "Other"),
        ("station", "D001", "D001", "D001"),
        ("hour", "08", "08 giờ", "08:00"),
        ("shift", "1", "Ca 1", "Shift 1"),
        ("source", "portal", "Cổng dịch vụ công", "Service portal"),
    ],
)  # fmt: skip
def test_a_member_is_called_by_name(breakdown: str, code: str, vi: str, en: str) -> None:
    row = SimpleNamespace(breakdown=breakdown, member_code=code)
    assert Words("vi").member(row) == vi
    assert Words("en").member(row) == en


def test_every_member_that_a_kpi_may_count_has_a_name() -> None:
    datasets = [m.member_code for m in tables.members() if m.breakdown == "dataset"]
    verdicts = [m.member_code for m in tables.members() if m.breakdown == "verdict"]
    for code in (f"{dataset}/{verdict}" for dataset in datasets for verdict in verdicts):
        assert members.name("outcome", code), code
    for procedure in tables.procedures():
        assert members.name("procedure", procedure.procedure_id), procedure


def test_the_dashboard_names_every_reason_as_the_pages_do() -> None:
    path = settings.PROJECT / "include/superset/datasets/dean06/kpi_publication.yaml"
    columns = yaml.safe_load(path.read_text(encoding="utf-8"))["columns"]
    [shown] = [each["expression"] for each in columns if each["column_name"] == "reason_shown"]
    for reason, words in REASONS.items():
        assert f"when '{reason}' then '{words.vi}'" in shown, reason


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [("GET", "/nowhere", "địa chỉ không tồn tại"), ("POST", "/kpis", "không nhận thao tác đó")],
)
def test_an_address_that_does_not_exist_is_answered_in_vietnamese(
    method: str, path: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = TestClient(pages_for(monkeypatch, Person("lan"))._pages)
    page = client.request(method, path).text
    assert said in page
    assert "tiếng Anh" not in page


def test_a_sentence_has_the_time_before_the_day_in_vietnamese() -> None:
    moment = datetime(2022, 10, 31, 1, 12, tzinfo=settings.TIMEZONE)
    assert Words("vi").at(moment) == "01:12 ngày 31/10/2022"
    assert Words("en").at(moment) == "31/10/2022 01:12"
    assert Words("vi").at(None) == "–"
