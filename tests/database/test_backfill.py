"""A backfill touches what its plan says and nothing else, and goes on where it was killed.

The agency is a real SFTP server whose drops a test writes.
"""

import gzip
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from dean06 import settings
from dean06.errors import Dean06Error, SourceError
from dean06.figures.words import Words
from dean06.kpi import reach
from dean06.kpi.build import build_kpis
from dean06.load import backfill, quarantine
from dean06.load.backfill import Plan
from dean06.reports import backfill as report
from dean06.reports.digest import warehouse_digest
from dean06.sources import Endpoint
from tests.lib.loading import load_police, resident, rows
from tests.lib.strangers_sftp import drop, outbox

pytestmark = pytest.mark.usefixtures("warehouse")
DAYS = [date(2022, 10, 28), date(2022, 10, 29), date(2022, 10, 30), date(2022, 10, 31)]
_HEADER = (
    "ma_so_bhxh,ho_ten,ngay_sinh,gioi_tinh,so_dinh_danh,ma_the_bhyt,ma_doi_tuong,ma_xa,tu_ngay,"
    "den_ngay,trang_thai,loai_thay_doi,ngay_hieu_luc,cap_nhat_luc"
)


def send(root: Path, day: date, *codes: str, revision: int = 1) -> None:
    """A drop with one participant a code, who takes part from that day on."""
    lines = [
        f"{code},Nguyễn Thị Thử,01/02/1980,2,,,HT,28249,{day},,dang_tham_gia,U,{day},"
        f"{day}T08:00:00+07:00"
        for code in codes
    ]
    content = gzip.compress("\n".join([_HEADER, *lines, ""]).encode())
    entry = {
        "name": f"r{revision}.csv.gz", "rows": len(lines), "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    manifest = {
        "dataset": "participant", "day": str(day), "revision": revision, "files": [entry],
    }  # fmt: skip
    drop(root, str(day), manifest, **{f"r{revision}": content})


@pytest.fixture
def agency(tmp_path: Path) -> Iterator[tuple[Path, Endpoint]]:
    """Drops of four days, all synced and published, beside residents; root and endpoint."""
    for number, day in enumerate(DAYS):
        send(tmp_path, day, f"820000000{number}")
    load_police("one", str(DAYS[0]), [resident(capNhatLuc="2022-10-05T08:00:00+07:00")])
    with outbox(tmp_path) as endpoint:
        run(endpoint, backfill.plan("insurance", DAYS[0], DAYS[-1]))
        build_kpis()
        yield tmp_path, endpoint


def run(endpoint: Endpoint, planned: Plan) -> list[str]:
    """Load the days of a plan and build what they reach; the lines that people see."""
    told = []
    for day in planned.days:
        loaded = backfill.load_day(endpoint, planned, day, lambda *_: None)
        told.append(report.line_of(day, loaded, Words("en")))
    build_kpis(among=reach.days_reached(planned.source, planned.run_keys))
    return told


def participants() -> dict[str, list[int]]:
    """What each publication of a day said of the province."""
    found: dict[str, list[int]] = {}
    for day, count in rows(
        """select as_of_date::text, numerator from mart.kpi_value
           where kpi_code = 'insurance.participants' and unit_level = 'province'
               and breakdown = '' and boundary_version = 'as_reported'
           order by publication_id"""
    ):
        found.setdefault(day, []).append(count)
    return found


def test_a_late_record_changes_the_days_of_the_plan_and_no_others(
    agency: tuple[Path, Endpoint],
) -> None:
    root, endpoint = agency
    before = warehouse_digest()
    assert [counts[-1] for counts in participants().values()] == [1, 2, 3, 4]
    late, last = DAYS[2], DAYS[3]
    send(root, late, "8200000002", "8200000009", revision=2)
    planned = backfill.plan("insurance", late, late)
    (request,) = planned.requests
    assert str(request.window) == "(2022-10-30T00:00:00+07:00, 2022-10-31T00:00:00+07:00]"
    plan_text = report.text_of(planned)
    assert (
        "Days whose KPIs could change, judging by the data loaded so far: "
        f"2 days, {late:%d/%m/%Y} to {last:%d/%m/%Y}." in plan_text
    )
    assert "published for the first time" not in plan_text
    assert "insurance.participants" in plan_text
    assert "programme.tasks" not in plan_text  # it reads neither insurance nor verdicts
    assert warehouse_digest() == before  # a plan changes nothing

    assert run(endpoint, planned) == [
        f"{late:%d/%m/%Y} participant: received 2, inserted 1, unchanged 1"
    ]
    assert [len(counts) for counts in participants().values()] == [1, 1, 2, 2]
    assert [counts[-1] for counts in participants().values()] == [1, 2, 4, 5]
    after = warehouse_digest()
    changed = {name for name in before if before[name] != after[name]}
    assert {name for name in changed if name.startswith("core.")} == {
        "core.insurance__participant", "core.identity_verdict",
    }  # fmt: skip


def test_a_plan_names_the_days_that_nobody_has_published(agency: tuple[Path, Endpoint]) -> None:
    new = DAYS[3] + timedelta(days=1)
    plan_text = report.text_of(backfill.plan("insurance", DAYS[3], new))
    assert f"Of these days, published for the first time: {new:%d/%m/%Y}." in plan_text


def test_the_same_again_is_another_backfill_that_changes_nothing(
    agency: tuple[Path, Endpoint],
) -> None:
    _, endpoint = agency
    before = warehouse_digest()
    first = backfill.plan("insurance", DAYS[0], DAYS[3])
    assert first.done == ()
    expected = report.days_expected(first)
    told = run(endpoint, first)
    assert [line.partition(": ")[2] for line in told] == ["received 1, unchanged 1"] * 4
    assert warehouse_digest() == before
    console = Console(width=200, record=True)
    report.show_outcome(first, expected, DAYS[:1], [], console, Words("vi"))
    lines = [re.findall(r"[^│]+", line) for line in console.export_text().splitlines()]
    whole = f"4 ngày, từ {DAYS[0]:%d/%m/%Y} đến {DAYS[3]:%d/%m/%Y}"
    assert [[cell.strip() for cell in line] for line in lines if len(line) == 3] == [
        ["đã nạp", whole, whole],
        ["tính lại chỉ tiêu", f"dự kiến {whole}", f"{DAYS[0]:%d/%m/%Y}"],
        ["chỉ tiêu thay đổi", f"dự kiến {whole}", "không có ngày nào"],
    ]


def test_what_was_killed_goes_on_behind_the_last_published_day(
    agency: tuple[Path, Endpoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    root, endpoint = agency
    for number, day in enumerate(DAYS):
        send(root, day, f"820000000{number}", f"820000001{number}", revision=2)
    planned = backfill.plan("insurance", DAYS[0], DAYS[3])
    with monkeypatch.context() as patch:

        def killed(dataset: object, run_key: str) -> None:
            if run_key.endswith(str(DAYS[2])):
                raise SystemExit
            quarantine.quarantine(dataset, run_key)  # type: ignore[arg-type]

        patch.setattr(backfill, "quarantine", killed)
        with pytest.raises(SystemExit):
            run(endpoint, planned)
    again = backfill.plan("insurance", DAYS[0], DAYS[3])
    assert (again.key, again.done, again.days) == (planned.key, tuple(DAYS[:2]), tuple(DAYS[2:]))
    done, left = (f"2 days, {a:%d/%m/%Y} to {b:%d/%m/%Y}" for a, b in (DAYS[:2], DAYS[2:]))
    said = " ".join(report.text_of(again).split())
    assert (
        f"Resumed: 2 of 4 days are already loaded and are skipped: {done}. Left to load: {left}."
    ) in said
    places = [report.place_of(again, day, Words("en")) for day in again.days]
    assert places == ["day 3 of 4", "day 4 of 4"]
    assert len(run(endpoint, again)) == 2
    assert [counts[-1] for counts in participants().values()] == [2, 4, 6, 8]
    assert rows(
        """select count(*) from ops.load where run_key like 'backfill%' and status = 'published'
           and source_code = 'insurance'"""
    ) == [(8,)]  # the four days of the first one, and these
    assert backfill.plan("insurance", DAYS[0], DAYS[3]).key != planned.key


def test_a_day_that_fails_stops_the_ones_after_it(agency: tuple[Path, Endpoint]) -> None:
    root, endpoint = agency
    (root / "outbox" / str(DAYS[1]) / "manifest.json").unlink()
    planned = backfill.plan("insurance", DAYS[0], DAYS[3])
    with pytest.raises(SourceError, match=rf"insurance\.participant .*{DAYS[1]}.*is not there yet"):
        run(endpoint, planned)
    assert backfill.plan("insurance", DAYS[0], DAYS[3]).done == (DAYS[0],)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (DAYS[1], DAYS[0], "ends on 2022-10-28, before it begins on 2022-10-29"),
        (DAYS[0], date(2100, 1, 1), "2100-01-01 has not ended yet"),
        (date(2018, 1, 1), DAYS[0], "more than 1000: split it"),
    ],
)
def test_days_that_are_no_range_are_refused(first: date, last: date, told: str) -> None:
    with pytest.raises(Dean06Error, match=told):
        backfill.plan("insurance", first, last)


def test_a_refused_connection_leaves_one_sentence_on_the_terminal() -> None:
    """The library writes a traceback from a thread of its own when the server breaks off."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        Thread(target=_answer_nonsense, args=(server,), daemon=True).start()
        connection = {
            "conn_type": "sftp", "schema": "sftp", "host": "127.0.0.1",
            "port": server.getsockname()[1], "login": "a", "password": "b",
            "extra": {
                "host_key": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43,
                "retry_attempts": 1, "timeout_seconds": 2,
            },
        }  # fmt: skip
        done = subprocess.run(
            [
                sys.executable, "-m", "dean06", "backfill", "--source", "insurance",
                "--from", str(DAYS[0]), "--to", str(DAYS[0]), "--lang", "en",
            ],
            env={
                **os.environ, "AIRFLOW_CONN_DEAN06_INSURANCE": json.dumps(connection),
                "PYTHONPATH": str(settings.PROJECT / "plugins"),
            },
            cwd=settings.PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout
    (said,) = (line for line in done.stderr.splitlines() if line.startswith("dean06: "))
    assert "SSHException" in said, "the cause is named"


def _answer_nonsense(server: socket.socket) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            client.sendall(b"220 this is no SSH server\r\n" * 200)
            client.close()


@pytest.mark.campaign
def test_a_killed_command_ends_as_an_undisturbed_one(agency: tuple[Path, Endpoint]) -> None:
    root, endpoint = agency
    for number, day in enumerate(DAYS):
        send(root, day, f"820000000{number}", f"820000001{number}", revision=2)
    place = urlsplit(endpoint.url)
    connection = {
        "conn_type": "sftp", "schema": "sftp", "host": place.hostname, "port": place.port,
        "login": endpoint.login, "password": endpoint.password, "extra": dict(endpoint.extra),
    }  # fmt: skip
    command = [
        sys.executable, "-m", "dean06", "backfill", "--source", "insurance",
        "--from", str(DAYS[0]), "--to", str(DAYS[3]),
    ]  # fmt: skip
    environment = {
        **os.environ, "AIRFLOW_CONN_DEAN06_INSURANCE": json.dumps(connection),
        "PYTHONPATH": str(settings.PROJECT / "plugins"),
    }  # fmt: skip
    loaded = """select count(*) from ops.load where status = 'published'
                and source_code = 'insurance'"""
    with subprocess.Popen(command, env=environment, cwd=settings.PROJECT) as process:
        while rows(loaded)[0][0] < 5 and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    done = subprocess.run(
        command, env=environment, cwd=settings.PROJECT, capture_output=True, text=True, check=True
    )
    assert "Resumed: " in done.stdout
    killed = warehouse_digest()
    assert [counts[-1] for counts in participants().values()] == [2, 4, 6, 8]
    # An undisturbed one of the same days would bring what was lost.
    run(endpoint, backfill.plan("insurance", DAYS[0], DAYS[3]))
    assert warehouse_digest() == killed
