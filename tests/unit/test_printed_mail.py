"""``make mailbox`` prints subject and text of a Vietnamese alert as people read them."""

import subprocess
import sys
import time
from pathlib import Path

from dean06 import settings
from dean06.watch import alerts
from onebox.ports import free_port

_SUBJECT = "dean06: health 05/11/2022 · 1 việc cần xử lý · 1 open"
_BODY = "• Nguồn dữ liệu ngừng hoạt động\n  health is down"


def _recipe() -> str:
    """What the target runs, as it stands in the Makefile."""
    makefile = (settings.PROJECT / "Makefile").read_text(encoding="utf-8")
    (line,) = (each for each in makefile.splitlines() if "tests.lib.printed_mail" in each)
    return line.split("python ", 1)[1].split(" -l ")[0]


def test_an_alert_is_readable(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, *_recipe().split(), "-l", f"127.0.0.1:{port}"]
    out = tmp_path / "printed"
    with out.open("w") as file:
        server = subprocess.Popen(command, cwd=settings.PROJECT, stdout=file, stderr=file)
    url = f"mailto://127.0.0.1:{port}?from=dean06@example.vn&to=duty@example.vn"
    try:
        deadline = time.monotonic() + 60
        while alerts.attempt([url], _SUBJECT, _BODY)[0].fault is not None:
            assert time.monotonic() < deadline, out.read_text()
            time.sleep(0.2)
    finally:
        server.terminate()
        server.wait(30)
    printed = out.read_text(encoding="utf-8")
    assert f"to duty@example.vn\n{_SUBJECT}\n" in printed
    assert _BODY in printed
