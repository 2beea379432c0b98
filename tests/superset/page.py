"""The dashboard in a real browser: what its charts asked Superset for, what came, how it looks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Response, sync_playwright

from tests.lib import chromium
from tests.superset.server import Superset, SupersetError

_SECONDS, _WIDTH, _HEIGHT = 120, 1500, 4000


@dataclass(frozen=True)
class Answer:
    """What one chart was answered with, once all filters had their values."""

    status: int
    error: str
    rows: list[dict[str, Any]]


def opened(superset: Superset, slug: str, charts: int, picture: Path) -> dict[int, Answer]:
    """Open a dashboard until all its charts are drawn; the answers by number of the chart.

    Raises SupersetError when charts are missing or say that something went wrong.
    """
    if chromium.PROGRAM is None:
        raise SupersetError("no 'chromium' on the path: the dashboard cannot be opened")
    answers: dict[int, Answer] = {}
    with sync_playwright() as playwright:
        browser = chromium.launched(playwright)
        page = browser.new_page(viewport={"width": _WIDTH, "height": _HEIGHT})
        page.on("response", lambda response: _note(response, answers))
        page.goto(f"{superset.url}/login/")
        page.fill("input[type=text]", superset.user)
        page.fill("input[type=password]", superset.password)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"{superset.url}/superset/dashboard/{slug}/")
        _wait(page, answers, charts)
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=picture)
        wrong = page.locator("[data-test='chart-container'] .ant-alert-error").count()
        browser.close()
    if wrong:
        raise SupersetError(f"{wrong} charts show an error: see {picture}")
    return answers


def _wait(page: Page, answers: dict[int, Answer], charts: int) -> None:
    for _ in range(_SECONDS * 2):
        page.wait_for_timeout(500)
        waiting = (
            page.get_by_text("Waiting on").count() + page.locator(".ant-spin-spinning").count()
        )
        if len(answers) == charts and not waiting:
            page.wait_for_timeout(3000)  # lines and bars grow into place
            return
    raise SupersetError(f"{len(answers)} of {charts} charts were answered in {_SECONDS} s")


def _note(response: Response, answers: dict[int, Answer]) -> None:
    """A chart's answer; a later one, of other filters, takes its place."""
    if "/api/v1/chart/data" not in response.url:
        return
    asked = (response.request.post_data_json or {})["form_data"]
    if "slice_id" not in asked or asked.get("native_filter_id"):
        return
    said = response.json() if response.ok else {}
    result = said.get("result", [{}])[0]
    answers[asked["slice_id"]] = Answer(
        response.status, result.get("error") or "", result.get("data") or []
    )
