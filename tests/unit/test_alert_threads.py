"""What Apprise says about one province's message is not taken for what it says about another's, and
no line of either is in a log: the watchdog has a thread for each province."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from apprise.plugins.email import NotifyEmail

from dean06.watch import alerts
from dean06.watch.alerts import Delivery
from onebox.ports import free_port
from tests.lib.alerted import listening

SECONDS = 30
REFUSED = "nobody@example.vn"


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> threading.Barrier:
    """Two mails are sent side by side: each begins, and ends, when the other does."""
    barrier = threading.Barrier(2, timeout=SECONDS)
    send = NotifyEmail.send

    def met(*words: object, **named: object) -> object:
        barrier.wait()
        try:
            return send(*words, **named)
        finally:
            barrier.wait()

    monkeypatch.setattr(NotifyEmail, "send", met)
    return barrier


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line that reaches the root logger."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(f"{record.name} {record.getMessage()}")  # type: ignore[method-assign]
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.mark.parametrize("is_refused_first", [True, False])
def test_each_thread_hears_its_own_message_only(
    together: threading.Barrier, logged: list[str], is_refused_first: bool
) -> None:
    with listening("unused") as box:
        box.refused = {REFUSED}
        port = box.urls.partition("?")[0].rpartition(":")[2]
        urls = [_mail(port, REFUSED), _mail(free_port(), "duty@example.vn")]
        urls = urls if is_refused_first else urls[::-1]
        codes = _sent_together(urls, together)
    expected = ["alert_refused", "alert_unreachable"]
    assert codes == (expected if is_refused_first else expected[::-1])
    assert any("mail.log" in line for line in logged), "other lines are there"
    assert not [line for line in logged if line.startswith("apprise")]


def test_a_thread_that_is_done_lets_no_line_of_another_pass(logged: list[str]) -> None:
    started, done = threading.Event(), threading.Event()

    def first() -> None:
        with alerts._unlogged():
            started.set()
            done.wait(SECONDS)

    thread = threading.Thread(target=first)
    thread.start()
    assert started.wait(SECONDS)
    with alerts._unlogged() as lines:
        done.set()
        thread.join(SECONDS)
        for name in ("apprise", "apprise.plugins"):
            logging.getLogger(name).warning("%s", REFUSED)
    logging.getLogger("another").debug("of another")
    assert lines.warned
    assert logged == ["another of another"]


def _mail(port: object, recipient: str) -> str:
    return f"mailto://127.0.0.1:{port}?from=watch@example.vn&to={recipient}"


def _sent_together(urls: list[str], together: threading.Barrier) -> list[str]:
    """Send a mail to each, the second after the first has begun; the code of each fault."""
    pool = ThreadPoolExecutor(len(urls))
    sent: list[Future[list[Delivery]]] = []
    for count, url in enumerate(urls, start=1):
        sent.append(pool.submit(alerts.attempt, [url], "title", "body"))
        while together.n_waiting < count < len(urls):
            time.sleep(0.01)
    faults = [each.result(SECONDS)[0].fault for each in sent]
    return [fault.code if fault else "" for fault in faults]
