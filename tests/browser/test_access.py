"""Who may see what: nobody without a login, records for stewards alone, every reading on record."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from onebox.airflow import wait_until
from tests.browser.conftest import Visitors
from tests.lib.identities import identities, occurring_in
from tests.lib.loading import rows

PATHS = [
    "/today", "/kpis", "/kpis/download.csv", "/quality", "/cases", "/quality/load/1",
    "/quality/reconciliation", "/service-index",
]  # fmt: skip


def rejected() -> Any:
    """A quarantined record of a participant: its load, row and payload."""
    return rows(
        """select load_id, row_no, payload from ops.quarantine
           where dataset_code = 'participant' and payload ? 'full_name'
               and length(payload ->> 'full_name') > 8 order by load_id, row_no limit 1"""
    )[0]


@pytest.mark.parametrize("path", PATHS)
def test_nobody_comes_in_without_a_login(visitors: Visitors, path: str) -> None:
    request = visitors.of(None).page.context.request
    answer = request.get(f"{visitors.url}/dean06{path}", max_redirects=0)
    assert answer.status == 401
    assert "tbody" not in answer.text()


def test_a_browser_is_sent_to_the_login_and_back(visitors: Visitors) -> None:
    visitor = visitors.of(None)
    visitor.open("/dean06/kpis")
    page = visitor.page
    assert "/dean06/login" in page.url
    page.locator("input[name=username]").fill("viewer")
    page.locator("input[name=password]").fill(visitors.password("viewer"))
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/dean06/kpis**")
    expect(page.locator("h1")).to_contain_text("Chỉ tiêu")


def test_the_login_speaks_the_language_of_the_reader(visitors: Visitors) -> None:
    visitor = visitors.of(None, 390)
    visitor.open("/auth/login?next=https%3A%2F%2Felsewhere.example%2F")
    page = visitor.page
    expect(page.locator("h1")).to_have_text("Đăng nhập")
    expect(page.locator("nav")).to_have_count(0)
    page.get_by_label("Tài khoản").fill("viewer")
    page.get_by_label("Mật khẩu").fill("wrong")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_have_text("Tài khoản hoặc mật khẩu không đúng.")
    assert "wrong" not in page.url
    page.get_by_role("link", name="English").click()
    page.get_by_label("User").fill("viewer")
    page.get_by_label("Password").fill(visitors.password("viewer"))
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/dean06/kpis")  # and nowhere else, whatever the address asked for
    expect(page.locator("h1")).to_contain_text("KPIs")


def _log_in(visitors: Visitors, user: str, width: int = 1200) -> Page:
    """A window after the login that Airflow's address leads to."""
    visitor = visitors.of(None, width)
    visitor.open("/")
    page = visitor.page
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(visitors.password(user))
    page.locator("button[type=submit]").click()
    return page


def test_a_login_leads_to_the_day_and_not_to_a_welcome(visitors: Visitors) -> None:
    page = _log_in(visitors, "admin")
    page.wait_for_url("**/plugin/dean06-today**")
    shown = page.frame_locator("iframe")
    expect(shown.locator("h1")).to_be_visible(timeout=30_000)
    expect(shown.get_by_role("link", name="Đăng xuất")).to_be_hidden()  # Airflow's menu has it


@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_starts_at_the_kpis_without_the_menu_of_airflow(
    visitors: Visitors, width: int
) -> None:
    page = _log_in(visitors, "viewer", width)
    page.wait_for_url("**/dean06/kpis")
    expect(page.locator("h1")).to_contain_text("Chỉ tiêu")
    assert page.locator("iframe").count() == 0
    links = page.locator("header a, nav a").all_text_contents()
    assert [link.strip() for link in links] == [
        "Hôm nay", "Chỉ tiêu", "Chất lượng", "Chỉnh sửa", "English", "Đăng xuất",
    ]  # fmt: skip
    page.get_by_role("link", name="Đăng xuất").click()
    page.wait_for_url("**/dean06/login**")
    answer = page.goto(f"{visitors.url}/dean06/kpis")
    assert answer is not None
    assert "/dean06/login" in page.url


def test_a_viewer_is_not_shown_a_record_and_nothing_is_read(visitors: Visitors) -> None:
    load, row, payload = rejected()
    before = rows("select count(*) from ops.payload_read")
    visitor = visitors.of("viewer")
    visitor.open(f"/dean06/quality/load/{load}?lang=en")
    expect(visitor.page.get_by_text("Only stewards can see the content")).to_be_visible()
    expect(visitor.page.locator("button[name=row_no]")).to_have_count(0)
    steward = visitors.of("admin")
    steward.open(f"/dean06/quality/load/{load}")
    token = steward.page.locator("input[name=form_token]").first.input_value()
    for used in ("", token):
        answer = visitor.page.context.request.post(
            f"{visitors.url}/dean06/quality/record",
            form={"load_id": load, "row_no": row, "reason": "let me see", "form_token": used},
        )
        assert answer.status == 403
        assert payload["full_name"] not in answer.text()
    assert rows("select count(*) from ops.payload_read") == before


def test_a_steward_reads_a_record_and_that_is_written_down(visitors: Visitors) -> None:
    load, row, payload = rejected()
    visitor = visitors.of("admin")
    page = visitor.page
    visitor.open(f"/dean06/quality/load/{load}?lang=en")
    button = page.get_by_role("button", name=f"View record {row}", exact=True)
    button.click()  # the reason is required: nothing is sent
    assert page.url.endswith("?lang=en")
    page.get_by_label("Reason for viewing a record").fill("called by the agency")
    button.click()
    expect(page.get_by_text(payload["full_name"], exact=True)).to_be_visible()
    assert page.url == f"{visitors.url}/dean06/quality/record"
    assert rows(
        """select reader, reason, load_id, row_no from ops.payload_read
           order by read_id desc limit 1"""
    ) == [("admin", "called by the agency", load, row)]
    expect(page.locator(".notice")).to_contain_text("admin")
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    assert visitor.open("/dean06/quality/record") == 200  # no address of its own: the overview
    expect(page.locator("h1")).to_contain_text("Data quality")
    assert visitor.complaints == []


def test_a_form_from_elsewhere_is_refused(visitors: Visitors) -> None:
    load, row, _ = rejected()
    before = rows("select count(*) from ops.payload_read")
    visitor = visitors.of("admin")
    visitor.open(f"/dean06/quality/load/{load}")
    token = visitor.page.locator("input[name=form_token]").first.input_value()
    told = {"load_id": load, "row_no": row, "reason": "called by the agency"}
    for form, headers in (
        (told, {}),
        ({**told, "form_token": token + "x"}, {}),
        ({**told, "form_token": token}, {"origin": "https://example.org"}),
        ({**told, "form_token": token}, {"origin": "null"}),
        ({**told, "form_token": token}, {"sec-fetch-site": "cross-site"}),
    ):
        answer = visitor.page.context.request.post(
            f"{visitors.url}/dean06/quality/record", form=form, headers=headers
        )
        assert answer.status == 403
    assert rows("select count(*) from ops.payload_read") == before


def test_no_page_of_a_viewer_names_a_person(visitors: Visitors) -> None:
    known = identities()
    assert len(known) > 5_000
    request = visitors.of("viewer").page.context.request
    loads = rows("select load_id from ops.load where quarantined_count > 0")
    kpis = rows("select distinct kpi_code from mart.kpi_value order by kpi_code")
    paths = [
        "/today", "/kpis", "/kpis/download.csv", "/quality", "/cases",
        *(f"/quality/load/{load}" for (load,) in loads),
        *(f"/kpis/{code}" for (code,) in kpis),
    ]  # fmt: skip
    texts = {}
    for path in paths:
        answer = request.get(f"{visitors.url}/dean06{path}")
        assert answer.status == 200, path
        texts[path] = answer.text()
    assert len(texts) > 40
    assert occurring_in(texts, known) == {}


def test_answers_forbid_what_pages_do_not_need(visitors: Visitors) -> None:
    answer = visitors.of("viewer").page.context.request.get(f"{visitors.url}/dean06/today")
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert "http://" not in answer.text().replace(visitors.url, "").replace(
        "http://www.w3.org/2000/svg", ""
    )


def test_one_corrects_another_approves_and_airflow_loads_it(
    visitors: Visitors,
) -> None:
    load, row, _ = rows(
        """select load_id, row_no, payload from ops.quarantine
           where dataset_code = 'household' and not payload ? '_problem'
           order by load_id, row_no limit 1"""
    )[0]
    good = rows(
        """select head_personal_id, commune_code, household_status from core.police__household
           where head_personal_id is not null and _is_current and not is_deleted limit 1"""
    )[0]
    visitor = visitors.of("admin", 360)
    page = visitor.page
    visitor.open(f"/dean06/quality/load/{load}?lang=en")
    page.get_by_label("Reason for viewing a record").fill("the agency called")
    page.get_by_role("button", name=f"View record {row}", exact=True).click()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    for column, value in {
        "household_id": "H28249999999", "head_personal_id": good[0], "commune_code": good[1],
        "residence_type": "thuong_tru", "household_status": good[2], "is_deleted": "false",
        "effective_on": "2022-10-01", "updated_at": "2022-10-31T08:30:00+07:00",
    }.items():  # fmt: skip
        page.locator(f"input[name='field.{column}']").fill(value)
    page.get_by_label("Evidence for the correction").fill("paper register, page 12")
    page.get_by_role("button", name="Load the corrected record").click()
    expect(page.get_by_role("status")).to_contain_text("A second person must review and approve")
    deputy = visitors.of("deputy", 360)
    page = deputy.page
    deputy.open(f"/dean06/quality/load/{load}?lang=en")
    page.get_by_label("Reason for viewing the correction").fill("asked to approve")
    page.get_by_role("button", name="View correction").first.click()
    expect(page.get_by_text("H28249999999")).to_be_visible()
    widths = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert widths[0] <= widths[1]
    page.get_by_label("Reason").fill("compared with the register")
    with page.expect_response("**/replay_corrections/dagRuns") as started:
        page.get_by_role("button", name="Approve and load").click()
    assert started.value.status == 200
    expect(page.get_by_role("status")).to_contain_text("Airflow is loading it.")
    (number,) = rows("select max(replay_id) from ops.replay")[0]
    outcome = "select outcome from ops.replay_outcome where replay_id = :n"
    assert wait_until(lambda: rows(outcome, n=number) == [("accepted",)], 120), rows(
        "select * from ops.replay_outcome"
    )
    page.get_by_role("link", name="See the result").click()
    expect(page.locator("table").first).to_contain_text("in core")
    assert rows(
        "select asked_by, reason from ops.replay where replay_id = :n", n=number
    ) == [("admin", "paper register, page 12")]  # fmt: skip
    decided = "select decided_by from ops.replay_decision where replay_id = :n"
    assert rows(decided, n=number) == [("deputy",)]
    found = "select count(*) from core.police__household where household_id = :id"
    assert rows(found, id="H28249999999") == [(1,)]
    assert visitor.complaints == deputy.complaints == []


def test_a_viewer_has_nothing_replayed(visitors: Visitors) -> None:
    load, row, _ = rejected()
    steward = visitors.of("admin")
    steward.open(f"/dean06/quality/load/{load}")
    token = steward.page.locator("input[name=form_token]").first.input_value()
    before = rows("select count(*) from ops.replay")
    request = visitors.of("viewer").page.context.request
    for path in ("replay", "replay-file"):
        form = {"load_id": load, "row_no": row, "reason": "let me in", "form_token": token}
        answer = request.post(f"{visitors.url}/dean06/quality/{path}", form=form)
        assert answer.status == 403
    assert rows("select count(*) from ops.replay") == before
