"""The page of all KPIs answers three questions: how many are met, who is behind, what changed. What
cannot be said stands there in words, never as a zero or a blank."""

import html
import re
from datetime import date
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient
from rich.console import Console

from dean06.figures.words import Words
from dean06.reports import day as report
from dean06.ui import application
from dean06.warehouse import transaction
from tests.lib.pages import Login, Person, pages_for
from tests.lib.values import Value, publish

pytestmark = pytest.mark.usefixtures("warehouse")
BEFORE, DAY = "2022-10-24", "2022-10-31"
COVERAGE, MONTH = "id_card.eligible_with_dossier", "eid.accounts_new_month"
RESIDENTS = "population.permanent_residents"
FIVE, FOUR, THREE = "28249", "28252", "28255"
"""Communes of Mỹ Tho city."""


def month_of(new: int) -> list[Value]:
    """1,000 residents, 200 accounts before the month: 5% are 50 by one reading, 10 by the other."""
    return [
        Value(RESIDENTS, 1000), Value("eid.accounts_before_month", 200), Value(MONTH, new),
    ]  # fmt: skip


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The pages on a day that was published, and on the day a week before."""
    publish(BEFORE, [*month_of(20), Value(COVERAGE, 880, 1000)])
    publish(
        DAY,
        [
            *month_of(30),
            Value(COVERAGE, 900, 1000),
            Value(COVERAGE, 50, 100, unit=FIVE),
            Value(COVERAGE, 100, 100, unit=FOUR),
            Value(COVERAGE, None, unit=THREE),
            Value("programme.tasks_on_time", 1, 3, breakdown="owner", member="so_y_te"),
            Value("programme.tasks_on_time", 2, 2, breakdown="owner", member="so_tttt"),
            Value("programme.tasks_on_time", 3, 5),
        ],
    )
    return TestClient(pages_for(monkeypatch, Person("lan")), follow_redirects=False)


def text_of(client: TestClient, query: str = "lang=en", path: str = "/kpis") -> str:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_kpi_has_one_status_though_one_target_is_met_and_one_missed(client: TestClient) -> None:
    """30 of 50 new accounts: reading A is missed on the last day of October, reading B is met. Of
    the coverage 2 of 12 points are gone in 7 of 68 days: on track."""
    text = text_of(client)
    assert "Met 0 On track 1 Behind 0 Missed 1" in text
    assert "Other targets: 5% growth a month (reading B) (met)" in text
    assert text.index("missed 5% of citizens a month") < text.index("on track A card dossier")


def test_groups_are_those_of_the_decision_and_say_when_they_have_no_target(
    client: TestClient,
) -> None:
    text = text_of(client, "lang=vi")
    assert "3. Phục vụ công dân số" in text
    fifth = "5. Phục vụ chỉ đạo, điều hành của lãnh đạo các cấp"
    assert f"{fifth} Chưa có mục tiêu nào cho nhóm này." in text


def test_who_is_behind_is_ranked_with_district_and_words_for_what_is_not_shown(
    client: TestClient,
) -> None:
    text = text_of(client, f"lang=vi&rank={COVERAGE}")
    behind = text[text.index("Hạng Xã, huyện") :]
    assert "1 Phường 5 Thành phố Mỹ Tho 50,0% 50 / 100 đạt dưới 75% mục tiêu" in behind
    assert "Phường 4" not in behind, "it reaches the target"
    assert "✓ đạt mục tiêu: 1" in text
    everyone = text_of(client, "lang=vi", f"/kpis/{COVERAGE}")
    assert "2 Phường 4 Thành phố Mỹ Tho 100,0% 100 / 100 đạt mục tiêu" in everyone
    assert "– Phường 7 Thành phố Mỹ Tho không hiển thị: số lượng quá nhỏ" in behind
    assert "chưa công bố cho đơn vị này" in behind
    assert "× không hiển thị: 1" in text
    page = client.get(f"/kpis?lang=vi&rank={COVERAGE}").text
    hidden = "không hiển thị: số lượng quá nhỏ hoặc có thể làm lộ số lượng nhỏ khác"
    assert f'aria-label="Phường 7, Thành phố Mỹ Tho: {hidden}">×<' in page
    assert 'aria-label="Phường 8, Thành phố Mỹ Tho: chưa công bố cho đơn vị này">?<' in page
    tile = f'value="commune:{FIVE}" aria-label="Phường 5, Thành phố Mỹ Tho: 50,0%">‼</button>'
    assert tile in page, "what a phone reads out, which cannot point at a tile"
    assert f'<form method="get" action="/kpis/{COVERAGE}">' in page
    assert behind.index("Sở Y tế 33,3% 1 / 3") < behind.index("Sở Thông tin và Truyền thông 100,0%")


def test_the_first_screen_says_whether_it_is_on_track_who_is_behind_and_what_became_worse(
    client: TestClient,
) -> None:
    vi, en = text_of(client, "lang=vi"), text_of(client)
    assert "Chưa đúng tiến độ: trong 2 chỉ tiêu có mục tiêu, 1 chỉ tiêu không đạt (tổng số " in vi
    assert "Not on track: 1 missed of 2 KPIs with a target (" in en
    assert "Đơn vị chưa đạt mục tiêu : Phường 5, Thành phố Mỹ Tho: 50,0% (50/100) (" in vi
    assert "Cơ quan có nhiệm vụ không hoàn thành đúng hạn : Sở Y tế (2/3 nhiệm vụ đến hạn)" in vi
    assert "Thay đổi so với ngày 24/10/2022 : tình trạng kém đi: Tài khoản định danh" in vi
    assert "Changed since 24/10/2022 : worse: e-ID accounts" in en
    assert "Giá trị: 30 · mục tiêu: ≥ 50 đến ngày 31/10/2022 · mục tiêu khác: đạt" in vi
    assert re.search(r"\(tổng số \d+ chỉ tiêu\)", vi)
    assert "Dữ liệu mô phỏng" not in vi


def test_nobody_is_named_the_worst_whom_rounding_may_have_put_there(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve communes of 20 / 30: each may be 11 / 30 or 29 / 30."""
    monkeypatch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
    with transaction() as session:
        codes = session.rows(
            """select distinct unit_code from mart.dim_admin_unit
               where unit_level = 'commune' and province_code = '82' and valid_from <= :day
                   and (valid_to is null or valid_to > :day)
               order by unit_code limit 12""",
            day=date.fromisoformat(DAY),
        )
    publish(
        DAY,
        [*month_of(30), Value(COVERAGE, 900, 1000)]
        + [Value(COVERAGE, 20, 30, unit=code) for (code,) in codes],
    )
    vi = text_of(client, f"lang=vi&rank={COVERAGE}")
    assert "12/12 xã chưa đạt mục tiêu; 12 xã có thể cùng ở mức thấp nhất do số liệu" in vi
    assert "Thứ hạng chưa chắc chắn: 12 xã có thể cùng ở mức thấp nhất do số liệu" in vi
    assert "1–12 12 đơn vị cùng có giá trị 66,7% (đã làm tròn)" in vi
    assert "làm tròn đến bội số của 10" in vi
    paper = text_of(client, "lang=vi", f"/kpis/{COVERAGE}")
    assert "Các xã dưới mục tiêu, từ thấp đến cao 12 đơn vị cùng có giá trị 66,7%" in paper
    assert "khoảng 66,7% 20 / 30" in paper


def test_a_simulation_says_its_scale_and_what_its_targets_are_made_of(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_TARGET_SCALE", "0.01")
    with transaction(role="") as session:
        session.run(
            """update mart.kpi_target
               set scale = 0.01, value = 4000, base_kpi_code = null where kpi_code = :kpi""",
            kpi=MONTH,
        )
    for path in ("/kpis", f"/kpis/{MONTH}"):
        text = text_of(client, "lang=vi", path)
        told = "Dữ liệu mô phỏng, quy mô 1/100; mục tiêu thu nhỏ theo cùng tỷ lệ."
        assert text.count(told) == 1, path
        assert "≥ 40 (4.000 × 1/100)" in text, path


def test_a_count_is_ranked_by_residents_and_says_so(client: TestClient) -> None:
    publish(
        DAY,
        [
            *month_of(30),
            Value(RESIDENTS, 100, unit=FIVE), Value(MONTH, 9, unit=FIVE),
            Value(RESIDENTS, 900, unit=FOUR), Value(MONTH, 21, unit=FOUR),
            Value(MONTH, 5, unit=THREE),
        ],
    )  # fmt: skip
    text = text_of(client, f"rank={MONTH}&lang=en")
    assert "Target of the province: ≥ 5.0 per 100 permanent residents" in text
    assert "with the target of the province, not with a target of its own" in text
    assert "1 ward 4 Mỹ Tho city 21 2.3 less than 75% of the target" in text
    assert "✓ target reached: 1" in text
    everyone = text_of(client, "lang=en", f"/kpis/{MONTH}")
    assert "2 ward 5 Mỹ Tho city 9 9.0 target reached" in everyone
    assert "no number of residents to compare with" in text


def test_what_changed_since_last_week_and_why(client: TestClient) -> None:
    text = text_of(client, "lang=vi")
    assert "So với ngày 24/10/2022." in text
    assert "88,0% → 90,0% (+2,0 điểm phần trăm) tử số +20, mẫu số không đổi" in text
    assert "20 → 30 (+10)" in text


def test_another_formula_or_period_is_not_compared(client: TestClient) -> None:
    with transaction() as session:
        session.run(
            """insert into mart.kpi_definition
               select (jsonb_populate_record(known, '{"kpi_version": 900}')).*
               from mart.kpi_definition as known where kpi_code = :kpi limit 1""",
            kpi=COVERAGE,
        )
    publish("2022-11-07", [*month_of(2), Value(COVERAGE, 500, 1000, version=900)])
    text = text_of(client, "lang=vi")
    assert "90,0% → 50,0% công thức tính đã thay đổi, không so sánh được" in text
    assert "30 → 2 đã sang kỳ mới, không so sánh được" in text
    answer = client.get(f"/kpis/{COVERAGE}?lang=vi")
    assert "07/11/2022: công thức tính thay đổi" in answer.text


def test_a_restated_figure_says_from_what_to_what_and_why(client: TestClient) -> None:
    publish(BEFORE, [*month_of(20), Value(COVERAGE, 860, 1000)])
    with transaction() as session:
        session.run(
            """insert into mart.kpi_revision_cause
               select max(publication_id), :kpi, 'corrected_rows', 'police.resident', 7
               from mart.kpi_publication""",
            kpi=COVERAGE,
        )
    told = (
        "24/10/2022 đã được điều chỉnh từ 88,0% thành 86,0%: bản ghi được chỉnh sửa (Nhân khẩu: 7)"
    )
    assert told in text_of(client, "lang=vi")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "day=2022-10-30",
            "Chưa có số liệu công bố cho ngày 30/10/2022. Trang này hiển thị số liệu ngày",
        ),
        ("unit=commune:99999", "Đơn vị đã chọn không có số liệu của ngày này"),
        ("at=2022-01-01T00:00", "Chưa công bố chỉ tiêu nào cho ngày và đơn vị đã chọn."),
        ("day=2022-10-24", "chưa công bố số liệu của ngày nào trước đó"),
        (f"unit=commune:{FIVE}", "Bảng xếp hạng các xã có tại trang của tỉnh."),
    ],
)
def test_what_cannot_be_shown_is_said(client: TestClient, query: str, told: str) -> None:
    assert told in text_of(client, f"lang=vi&{query}")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("day=2022-10-30", "Chưa có số liệu công bố cho ngày 30/10/2022. Trang này hiển thị"),
        ("unit=commune:99999", "Đơn vị đã chọn không có số liệu của ngày này"),
        ("at=2022-01-01T00:00", "Chưa công bố số liệu cho ngày và đơn vị đã chọn chưa có số liệu"),
        (f"unit=commune:{THREE}", "không hiển thị: số lượng quá nhỏ"),
    ],
)
def test_the_page_of_one_kpi_says_it_too(client: TestClient, query: str, told: str) -> None:
    text = text_of(client, f"lang=vi&{query}", f"/kpis/{COVERAGE}")
    assert told in text
    assert "ngày –" not in text


def test_a_day_without_values_leads_to_the_newest_that_has_some(client: TestClient) -> None:
    missing, empty, between = "2022-11-05", "2022-11-06", "2022-10-30"
    unknown = {"unknown_because": "source_missing"}
    publish(missing, [Value(kpi, None, **unknown) for kpi in (COVERAGE, RESIDENTS)])
    # What is not published shows the newest published day, which has no values either.
    for day in (missing, between):
        for path in ("/kpis", f"/kpis/{COVERAGE}"):
            asked = f"day={day}&unit=province:82&boundaries=as_reported&at=2099-01-01T00:00&lang=en"
            page = client.get(f"{path}?{asked}").text
            assert "There are no values for 05/11/2022. The newest day with values is" in page
            (link,) = re.findall(r'<a href="(\?[^"]*)">31/10/2022</a>', page)
            chosen = dict(parse_qsl(html.unescape(link).removeprefix("?")))
            assert chosen == {"day": DAY, "unit": "province:82", "at": "2099-01-01T00:00"}
            assert "The newest day with values" not in client.get(path, params=chosen).text
    publish(empty, [])
    assert "The newest day with values is 31/10/2022" in text_of(client, f"day={empty}&lang=en")
    for day in (missing, empty, between):
        console = Console(width=200, record=True)
        report.show(date.fromisoformat(day), console, Words("en"))
        assert f"python -m dean06 report --day {DAY}" in console.export_text()


def test_wards_of_one_name_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    wards = {
        "28261": "Phường 1, Thành phố Mỹ Tho, Tỉnh Tiền Giang",
        "28303": "Phường 1, Thị xã Gò Công, Tỉnh Tiền Giang",
    }
    values = [Value(COVERAGE, at, 100, unit=code) for at, code in enumerate(wards, start=50)]
    publish(DAY, [Value(RESIDENTS, 1000), Value(COVERAGE, 900, 1000), *values])
    client = TestClient(pages_for(monkeypatch, Person("lan")))
    for path in ("/kpis", f"/kpis/{COVERAGE}"):
        options = re.findall(r'<option value="commune:(\d+)"[^>]*>([^<]+)<', client.get(path).text)
        assert dict(options) == wards, path
    text = text_of(client)
    assert "ward 1, Mỹ Tho city: 50.0%" in text
    page = client.get("/kpis?lang=en").text
    assert 'aria-label="ward 1, Gò Công town: 51.0%"' in page
    assert "Phường 1" not in page, "no unit in Vietnamese"
    named = "ward 1, Gò Công town, Tiền Giang province"
    assert f"KPIs · {named} · " in text_of(client, "lang=en&unit=commune:28303")
    assert "Phường 1, Thành phố Mỹ Tho: 50,0%" in text_of(client, "lang=vi")


def test_a_reader_begins_with_the_kpis_and_a_steward_with_the_loads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, page in (("chair", "/kpis"), ("lan", "/today")):
        pages = pages_for(monkeypatch, Person(name), stewards=["lan"])
        answer = TestClient(pages, follow_redirects=False).get("/")
        assert answer.headers["location"] == page


def test_without_an_account_in_airflow_no_link_leads_there(client: TestClient) -> None:
    """The words stay; inside Airflow, and where its address is given, they are links."""
    for airflow, link in (("/airflow", True), ("https://a.vn", True), (None, False)):
        pages = application.create(Login(Person("lan"), (), airflow))
        text = TestClient(pages).get(f"/kpis/{COVERAGE}").text
        assert ("data-airflow" in text) == link
        assert (f'href="{airflow}/dags/sync_police"' in text) == link
        assert "Công an" in text
