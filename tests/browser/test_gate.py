"""What the gate refuses before a byte of a body is read, and what it says of odd requests."""

import http.client
import json
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import urlencode, urlsplit

import pytest

from tests.browser.conftest import Visitors

FORM = "application/x-www-form-urlencoded"
UPLOAD = "/dean06/quality/replay-file"


class Caller:
    """Speaks plain HTTP with the installation, as a user or as nobody."""

    def __init__(self, visitors: Visitors, user: str | None) -> None:
        self._place = urlsplit(visitors.url).netloc
        self._token = ""
        if user:
            login = {"username": user, "password": visitors.password(user)}
            headers = {"content-type": "application/json"}
            _, _, body = self.ask("POST", "/auth/token", headers, json.dumps(login).encode())
            self._token = json.loads(body)["access_token"]

    def ask(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> tuple[int, Mapping[str, str], bytes]:
        """The status, headers and body of an answer to a whole request."""
        return self._send(
            method, path, {**(headers or {}), "content-length": str(len(body))}, [body]
        )

    def head(self, method: str, path: str, headers: Mapping[str, str]) -> bytes:
        """The first lines of a request, as they go over the wire."""
        cookie = {"cookie": f"_token={self._token}"} if self._token else {}
        lines = {"host": self._place, **cookie, **headers}.items()
        return f"{method} {path} HTTP/1.1\r\n".encode() + b"".join(
            f"{name}: {value}\r\n".encode() for name, value in lines
        ) + b"\r\n"  # fmt: skip

    def announce(self, path: str, length: int | str) -> int:
        """The status of the answer to a request that states a length and sends no byte of it."""
        return self._send("POST", path, {"content-type": FORM, "content-length": str(length)}, [])[
            0
        ]

    def stream(self, path: str, parts: Iterable[bytes]) -> int:
        """The status of the answer to a body that is sent in parts, without a stated length."""
        headers = {"content-type": FORM, "transfer-encoding": "chunked"}
        framed = [b"%x\r\n%b\r\n" % (len(part), part) for part in parts]
        return self._send("POST", path, headers, framed)[0]

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], parts: Iterable[bytes]
    ) -> tuple[int, Mapping[str, str], bytes]:
        line = http.client.HTTPConnection(self._place, timeout=10)
        line.putrequest(method, path)
        for name, value in headers.items():
            line.putheader(name, value)
        if self._token:
            line.putheader("cookie", f"_token={self._token}")
        line.endheaders()
        try:
            for part in parts:
                line.send(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused while sending: the answer is there to be read
        answer = line.getresponse()
        found = (answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        line.close()
        return found


@pytest.mark.parametrize(
    ("user", "length", "status"),
    [
        (None, 300_000_000, 401),
        ("viewer", 200_000, 413),
        ("admin", 20_000_001, 413),
        ("admin", "9" * 19, 413),
    ],
)
def test_a_body_is_refused_before_its_first_byte(
    visitors: Visitors, user: str | None, length: int | str, status: int
) -> None:
    assert Caller(visitors, user).announce(UPLOAD, length) == status


@pytest.mark.parametrize("user", [None, "viewer"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_what_is_left_of_a_refused_body_is_not_waited_for(
    visitors: Visitors, user: str | None, method: str
) -> None:
    """A connection that stays open takes the rest of the body in, to be thrown away or kept."""
    caller = Caller(visitors, user)
    place = urlsplit(visitors.url)
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        line.sendall(caller.head(method, UPLOAD, {"content-length": "300000000"}) + b"x" * 10_000)
        answer = b""
        while part := line.recv(65_536):  # the server ends it: the test would wait otherwise
            answer += part
    assert b"\r\nconnection: close\r\n" in answer.lower()


@pytest.mark.parametrize("path", ["/auth/token", "/api/v2/dags/keep_house/dagRuns", "/nothing"])
def test_airflow_keeps_no_long_body_of_anybody(visitors: Visitors, path: str) -> None:
    assert Caller(visitors, None).announce(path, 1_000_001) == 413
    assert Caller(visitors, None).stream(path, [b"x" * 60_000] * 20) in (400, 405, 413)


def test_a_body_without_a_length_is_cut_off_at_the_same_bound(visitors: Visitors) -> None:
    parts = [b"x" * 60_000] * 4
    assert Caller(visitors, "viewer").stream(UPLOAD, parts) == 413


@pytest.mark.parametrize(
    "path",
    [
        "/kpis/%00", "/kpis?unit=%00", "/quality/load/1?rule=%00", "/today?lang=%00",
        "/quality/load/9223372036854775808", "/quality/load/x", "/quality/load/1?page=0",
        "/quality/load/1?asked=99999999999999999999", "/kpis?day=2022-13-01",
    ],
)  # fmt: skip
def test_an_odd_address_is_refused_with_the_headers_of_every_page(
    visitors: Visitors, path: str
) -> None:
    status, headers, _ = Caller(visitors, "viewer").ask("GET", f"/dean06{path}")
    assert status == 400
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("quality/record", {"row_no": str(2**63)}),
        ("quality/record", {"load_id": "-77123"}),
        ("quality/record", {"reason": "because\0"}),
        ("quality/correction", {"replay_id": str(2**63)}),
        ("quality/correction/decline", {"reason": "because\0"}),
        ("builds/propose", {"build": "-77123"}),
        ("builds/propose", {"reason": "because\0"}),
    ],
)
def test_an_odd_field_of_a_form_is_refused_and_not_repeated(
    visitors: Visitors, path: str, changes: Mapping[str, str]
) -> None:
    steward = visitors.of("admin")
    steward.open("/dean06/quality/load/1")
    known = {"load_id": "1", "row_no": "1", "replay_id": "1", "build": "1"}
    form = {**known, "reason": "the agency called", **changes}
    form["form_token"] = steward.page.locator("input[name=form_token]").first.input_value()
    caller = Caller(visitors, "admin")
    body = urlencode(form).encode()
    status, headers, said = caller.ask("POST", f"/dean06/{path}", {"content-type": FORM}, body)
    assert status == 400
    assert "default-src 'none'" in headers["content-security-policy"]
    assert not [value for value in changes.values() if value.encode() in said]


def test_a_program_that_sends_form_after_form_is_told_to_wait(visitors: Visitors) -> None:
    caller = Caller(visitors, "viewer")
    answers = [
        caller.ask("POST", "/dean06/quality/record", {"content-type": FORM}) for _ in range(61)
    ]
    assert answers[0][0] == 403
    status, headers, _ = answers[60]
    assert (status, headers["retry-after"]) == (429, "60")


@pytest.mark.parametrize(
    "lines",
    [
        b"x-a: " + b"a" * 1_000_000,
        b"\r\n".join(b"x-%d: a" % number for number in range(100_000)),
        b"cookie: _token=" + b"a" * 1_000_000,
    ],
)
def test_headers_are_bounded_before_anybody_is_known(visitors: Visitors, lines: bytes) -> None:
    place = urlsplit(visitors.url)
    assert place.hostname
    assert place.port
    with socket.create_connection((place.hostname, place.port), timeout=10) as line:
        try:
            line.sendall(b"GET /dean06/today HTTP/1.1\r\nhost: localhost\r\n" + lines)
            line.sendall(b"\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused while sending
        assert _status(line) in (400, None)  # None: reset, for not all was read
    assert Caller(visitors, "viewer").ask("GET", "/dean06/today")[0] == 200


def _status(line: socket.socket) -> int | None:
    try:
        answer = line.makefile("rb").readline()
    except ConnectionResetError:
        return None
    return int(answer.split()[1]) if answer else None


@pytest.mark.parametrize("method", ["TRACE", "PROPFIND", "CONNECT", "get", "PUT", "PATCH"])
@pytest.mark.parametrize("user", [None, "admin"])
def test_other_methods_do_nothing(visitors: Visitors, method: str, user: str | None) -> None:
    status, headers, _ = Caller(visitors, user).ask(method, "/dean06/quality/record")
    assert status in (400, 401, 403, 404, 405)
    assert status == 400 or "content-security-policy" in headers
