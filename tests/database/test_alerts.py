"""Where messages go stays out of every log: the whole output of the real program, a real mail
server and a real webhook."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from onebox.ports import free_port
from tests.lib.alerted import Mailbox, listening

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
PASSWORD = "not-for-logs"
PEOPLE = ("duty@example.vn", "watch@example.vn", "nobody@example.vn", "caller", "Nguyen")
"""Sender, recipients and users of all addresses below."""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with listening(PASSWORD) as box:
        yield box


def watch(urls: str, *options: str) -> tuple[int, str]:
    """Run the watchdog; its exit code and all that it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "dean06", "watch", *options],
        env={
            **os.environ,
            "DEAN06_ALERT_URLS": urls,
            "DEAN06_SCHEDULE_FROM": DAY,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert not [word for word in (*PEOPLE, PASSWORD) if word in done.stdout], done.stdout
    return done.returncode, done.stdout


def mail(port: int, *recipients: str, login: str = "") -> str:
    return f"mailto://{login}127.0.0.1:{port}?from=watch@example.vn&to={','.join(recipients)}"


def port_of(mailbox: Mailbox) -> int:
    return int(mailbox.urls.partition("?")[0].rpartition(":")[2])


def test_who_got_a_message_is_in_no_log(mailbox: Mailbox) -> None:
    _, said = watch(mailbox.urls, "--once")
    assert (len(mailbox.mails), len(mailbox.posts)) == (1, 1)
    assert "is stale" in said, "the log itself is there"


def test_a_service_that_runs_names_nobody_either(mailbox: Mailbox) -> None:
    program = [sys.executable, "-m", "dean06", "watch", "--every", "1"]
    env = {
        **os.environ,
        "DEAN06_ALERT_URLS": mailbox.urls,
        "DEAN06_SCHEDULE_FROM": DAY,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    service = subprocess.Popen(
        program, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        assert mailbox.arrived.acquire(timeout=60)
        assert mailbox.arrived.acquire(timeout=60)
        time.sleep(2)
    finally:
        service.terminate()
        said, _ = service.communicate(timeout=30)
    assert "checked: " in said
    assert not [word for word in (*PEOPLE, PASSWORD) if word in said], said


def test_a_refused_recipient_is_reported_without_the_name(mailbox: Mailbox) -> None:
    mailbox.refused = {"nobody@example.vn"}
    code, said = watch(mail(port_of(mailbox), "nobody@example.vn"), "--once")
    assert (code, mailbox.mails) == (1, [])
    assert "DEAN06_ALERT_URLS: URL 1 (mailto) refused the message or a recipient" in said


def test_a_mail_server_that_nobody_reaches_is_reported_without_its_login(mailbox: Mailbox) -> None:
    login = f"Nguyen:{PASSWORD}@"
    code, said = watch(
        f"{mailbox.urls.split()[1]} {mail(free_port(), 'duty@example.vn', login=login)}", "--once"
    )
    assert (code, len(mailbox.posts)) == (1, 1)
    assert "DEAN06_ALERT_URLS: URL 2 (mailto) cannot be reached" in said


def test_a_login_that_the_mail_server_does_not_take_is_reported(mailbox: Mailbox) -> None:
    login = f"Nguyen:{PASSWORD}@"
    code, said = watch(mail(port_of(mailbox), "duty@example.vn", login=login), "--once")
    assert (code, mailbox.mails) == (1, [])
    assert "URL 1 (mailto)" in said


@pytest.mark.parametrize(
    ("url", "service"),
    [
        ("mailto://127.0.0.1:25?from=nobody&to=duty@example.vn", "mailto"),
        (f"Nguyen:{PASSWORD}@mail.example.vn", "?"),
        (f"nguyen{PASSWORD}://duty@example.vn", "?"),
    ],
)
def test_an_address_that_cannot_be_used_is_reported_by_its_place(url: str, service: str) -> None:
    code, said = watch(url, "--once")
    assert code == 1
    assert f"URL 1 ({service}) is not a valid Apprise URL" in said


def test_a_misspelled_recipient_is_reported_without_the_name(mailbox: Mailbox) -> None:
    address = f"{mail(port_of(mailbox), 'duty@example.vn')}&cc=Nguyen@"
    _, said = watch(address, "--once")
    assert len(mailbox.mails) == 1
    assert "a part of URL 1 (mailto) is not valid and was left out" in said


def test_a_test_alert_names_who_accepted_it(mailbox: Mailbox) -> None:
    dead = mail(free_port(), "nobody@example.vn", login=f"Nguyen:{PASSWORD}@")
    code, said = watch(f"{dead} {mailbox.urls}", "--test")
    assert code == 0
    assert "URL 1 (mailto) cannot be reached" in said
    assert "URL 2 (mailto) accepted the test alert" in said
    assert "2 of 3 URLs of DEAN06_ALERT_URLS accepted the test alert" in said
    assert mailbox.mails[0].startswith("dean06: THỬ CẢNH BÁO · TEST ALERT")
    assert "nothing is wrong" in mailbox.posts[0]["message"]
    assert "checked: " not in said, "it is no check"


def test_a_test_alert_that_nobody_accepts_fails() -> None:
    code, said = watch(mail(free_port(), "duty@example.vn"), "--test")
    assert code == 1
    assert "0 of 1 URLs" in said
    code, said = watch("", "--test")
    assert code == 1
    assert "DEAN06_ALERT_URLS is empty" in said
