"""One installation with a good day and one on which insurance does not deliver, and Chromium.

Starting it and syncing two days takes minutes of processor time, so all tests that need a real
scheduler or real pages look at this one. Files run in the order of their names: ``test_stop.py``,
which ends the installation, comes last.
"""

import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import can_show_pages, pointed_at
from tests.lib.chromium import launched
from tests.lib.installation import Installation
from tests.lib.syncing import published_kpis

DAY = "2022-10-31"
FAILED_DAY = "2022-11-01"
_FAULTS = f"""
faults:
  - {{source: insurance, kind: late_drop, day: "{FAILED_DAY}"}}
  - {{source: portal, kind: unknown_field}}
"""

if not can_show_pages():
    collect_ignore = ["test_access.py", "test_pages.py", "test_paper.py", "test_screens.py"]


@pytest.fixture(scope="package")
def installation(home: Path) -> Iterator[Installation]:
    """Up, with its warehouse as the one dean06 uses."""
    faults = home / "late.yaml"
    faults.write_text(_FAULTS)
    installed = Installation(
        home / "installation", day=DAY, DEAN06_FAULTS=str(faults), DEAN06_RETRY_SECONDS="0.5"
    )
    try:
        installed.wait_for("Ctrl-C stops everything", 1200)
        with pointed_at(installed.services["DEAN06_WAREHOUSE_DSN"]):
            installed.published[DAY] = published_kpis(DAY)
            failed = installed.command("sync", "--day", FAILED_DAY)
            assert failed.returncode == 1, failed.stdout + failed.stderr
            installed.published[FAILED_DAY] = published_kpis(FAILED_DAY)
            yield installed
    finally:
        if installed.process.poll() is None:
            installed.process.send_signal(signal.SIGINT)
            installed.process.wait(60)
        assert installed.command("clean").returncode == 0


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launched(playwright)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A browser window of one user, and what its console complained of."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Go to a path; returns the HTTP status."""
        answer = self.page.goto(f"{self.url}{path}", wait_until="load")
        assert answer is not None
        return answer.status


class Visitors:
    """Opens windows for users of the installation."""

    def __init__(self, chromium: Browser, installation: Installation) -> None:
        self._chromium = chromium
        self._secrets = json.loads((installation.home / "secrets.json").read_text())
        self.url = f"http://localhost:{installation.environment['DEAN06_AIRFLOW_PORT']}"
        self._opened: list[Visitor] = []

    def password(self, user: str) -> str:
        return str(self._secrets[user])

    def of(self, user: str | None, width: int = 1200, scheme: str = "light") -> Visitor:
        """A window; of nobody when no user is named."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            accept_downloads=True,
        )
        if user:
            told = {"username": user, "password": self.password(user)}
            answer = context.request.post(f"{self.url}/auth/token", data=told)
            token = answer.json()["access_token"]
            context.add_cookies([{"name": "_token", "value": token, "url": self.url}])
        visitor = Visitor(context.new_page(), self.url)
        visitor.page.on(
            "console",
            lambda m: visitor.complaints.append(m.text) if m.type in ("error", "warning") else None,
        )
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        self._opened.append(visitor)
        return visitor

    def close(self) -> None:
        for visitor in self._opened:
            visitor.page.context.close()
        self._opened.clear()


@pytest.fixture
def visitors(chromium: Browser, installation: Installation) -> Iterator[Visitors]:
    opened = Visitors(chromium, installation)
    yield opened
    opened.close()
