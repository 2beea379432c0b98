"""The system's Chromium, without its calls home."""

import shutil

from playwright.sync_api import Browser, Playwright

PROGRAM = shutil.which("chromium")
"""None: this machine has none."""


def launched(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(
        executable_path=PROGRAM,
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    )
