"""A slow Airflow is waited for; one that stays silent is named in one line."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from onebox import airflow
from onebox.airflow import Airflow, AirflowError, wait_and_say


class Slow(BaseHTTPRequestHandler):
    """Fails the first requests: no answer, or an error of its own. Knows one DAG, and one run
    already."""

    dropped = 0
    drops = 2
    error = 0

    def do_GET(self) -> None:
        if type(self).dropped < type(self).drops:
            type(self).dropped += 1
            if self.error:
                self._answer(self.error, b"{}")
            return  # without an error nothing is sent: the connection ends
        self._answer(200, b'{"dags": [{"dag_id": "sync_police"}]}')

    def do_POST(self) -> None:
        taken = self.path.endswith("/sync_police/dagRuns")
        self._answer(409 if taken else 404, b'{"detail": "no"}')

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Airflow]:
    monkeypatch.setattr(airflow, "_AGAIN_AFTER", 0.01)
    Slow.dropped, Slow.drops, Slow.error = 0, 2, 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Airflow(f"http://127.0.0.1:{server.server_port}", "admin", "-")
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("error", [0, 500, 503])
def test_an_answer_that_does_not_come_is_asked_for_again(client: Airflow, error: int) -> None:
    Slow.error = error
    assert client.dag_ids() == {"sync_police"}
    assert Slow.dropped == 2


def test_silence_is_one_line(client: Airflow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow, "_PATIENCE", 0.05)
    Slow.drops = 10**6
    with pytest.raises(AirflowError, match="no response to GET /api/v2/dags"):
        client.dag_ids()
    Slow.error = 500
    with pytest.raises(AirflowError, match="500"):
        client.dag_ids()


def test_a_run_that_an_unanswered_attempt_has_started_is_no_error(client: Airflow) -> None:
    client.trigger("sync_police", "sync__2022-10-31", {"day": "2022-10-31"})
    with pytest.raises(AirflowError, match="404"):
        client.trigger("sync_unknown", "sync__2022-10-31", {})


def test_waiting_says_how_long_it_has_taken() -> None:
    said: list[float] = []
    assert not wait_and_say(lambda: False, 0.3, said.append, every=0.1)
    assert len(said) >= 2
    assert said == sorted(said)
    assert wait_and_say(lambda: True, 0.3, said.append)
