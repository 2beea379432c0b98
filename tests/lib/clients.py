"""Plain clients of the four protocols."""

import gzip
import hashlib
import io
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import paramiko
from joserfc import jwt
from joserfc.jwk import RSAKey

from ministries.servers import Running

HEADERS = {"X-Purpose": "kpi", "X-Caller": "test"}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def local(day: str, time_of_day: str = "00:00:00") -> str:
    return f"{day}T{time_of_day}+07:00"


class Police:
    """A client of the police."""

    def __init__(self, running: Running) -> None:
        self.url = running.police.url
        self._secret = running.clients["police"]
        self.http = httpx.Client(timeout=30)
        self.headers = {**HEADERS, "Authorization": f"Bearer {self.token()}"}

    def token(self) -> str:
        answer = self.http.post(
            f"{self.url}/oauth2/token",
            auth=(self._secret["client_id"], self._secret["client_secret"]),
            data={"grant_type": "client_credentials"},
        )
        return str(answer.raise_for_status().json()["access_token"])

    def get(self, dataset: str, **query: str | int) -> httpx.Response:
        return self.http.get(f"{self.url}/v1/{dataset}", params=query, headers=self.headers)

    def pages(self, dataset: str, **query: str | int) -> Iterator[httpx.Response]:
        page = self.get(dataset, **query)
        while True:
            yield page.raise_for_status()
            if "next" not in page.links:
                return
            page = self.http.get(page.links["next"]["url"], headers=self.headers)


@contextmanager
def outbox(running: Running) -> Iterator[paramiko.SFTPClient]:
    """An SFTP session of the insurance agency."""
    secret = running.clients["insurance"]
    transport = paramiko.Transport((running.insurance.host, running.insurance.port))
    try:
        transport.connect(username=secret["username"], password=secret["password"])
        session = paramiko.SFTPClient.from_transport(transport)
        assert session is not None
        yield session
    finally:
        transport.close()


def fetch(session: paramiko.SFTPClient, path: str) -> bytes:
    buffer = io.BytesIO()
    session.getfo(path, buffer)
    return buffer.getvalue()


def manifest(session: paramiko.SFTPClient, day: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fetch(session, f"/outbox/{day}/manifest.json"))
    return found


def drop_lines(session: paramiko.SFTPClient, day: str) -> list[bytes]:
    """Header and records of a day's drop, checked against its manifest."""
    lines: list[bytes] = []
    for entry in manifest(session, day)["files"]:
        body = fetch(session, f"/outbox/{day}/{entry['name']}")
        assert len(body) == entry["bytes"]
        assert hashlib.sha256(body).hexdigest() == entry["sha256"]
        content = gzip.decompress(body).removesuffix(b"\n").split(b"\n")
        assert len(content) == entry["rows"] + 1
        lines += content
    return lines


class Health:
    """A client of the health service."""

    def __init__(self, running: Running, ahead: int = 0) -> None:
        self._ahead = ahead
        self.url = running.health.url
        self._secret = running.clients["health"]
        self.http = httpx.Client(timeout=30)
        token = self.ask_token().raise_for_status().json()["access_token"]
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/fhir+json",
            "Prefer": "respond-async",
        }

    def assertion(self, **claims: object) -> str:
        client = self._secret["client_id"]
        content: dict[str, Any] = {
            "iss": client,
            "sub": client,
            "aud": f"{self.url}/auth/token",
            "exp": int(time.time()) + 240 + self._ahead,
            "jti": uuid.uuid4().hex,
            **claims,
        }
        key = RSAKey.import_key(self._secret["private_key"])
        header = {"alg": "RS384", "kid": self._secret["kid"]}
        return jwt.encode(header, content, key, algorithms=["RS384"])

    def ask_token(self, assertion: str | None = None, **form: str) -> httpx.Response:
        asked = {
            "grant_type": "client_credentials",
            "scope": "system/*.read",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion or self.assertion(),
            **form,
        }
        return self.http.post(f"{self.url}/auth/token", data=asked)

    def kick_off(self, kind: str, until: str, since: str | None = None) -> httpx.Response:
        query = {"_type": kind, "_until": until, "_outputFormat": "application/fhir+ndjson"}
        query |= {"_since": since} if since else {}
        return self.http.get(f"{self.url}/fhir/$export", params=query, headers=self.headers)

    def export(self, kind: str, until: str, since: str | None = None) -> dict[str, Any]:
        """The manifest of a finished export."""
        job = self.kick_off(kind, until, since).raise_for_status().headers["Content-Location"]
        for _ in range(200):
            status = self.http.get(job, headers=self.headers)
            if status.status_code != 202:
                found: dict[str, Any] = status.raise_for_status().json()
                return found
            time.sleep(0.05)
        raise AssertionError("the export was never ready")

    def file(self, entry: dict[str, Any]) -> list[bytes]:
        """The resources of one file, checked against the manifest."""
        body = self.http.get(entry["url"], headers=self.headers).raise_for_status().content
        assert hashlib.sha256(body).hexdigest() == entry["extension"]["sha256"]
        lines = body.removesuffix(b"\n").split(b"\n")
        assert len(lines) == entry["count"]
        return lines


class Education:
    """A client of the education department."""

    def __init__(self, running: Running) -> None:
        secret = running.clients["education"]
        self.http = httpx.Client(
            base_url=running.education.url,
            auth=(secret["username"], secret["password"]),
            timeout=30,
        )

    def index(self, until: str, since: str | None = None) -> dict[str, Any]:
        query = {"until": until} | ({"since": since} if since else {})
        found: dict[str, Any] = (
            self.http.get("/exam/index.json", params=query).raise_for_status().json()
        )
        return found


class Portal:
    """A client of the provincial portal."""

    def __init__(self, running: Running) -> None:
        self.url = running.portal.url
        self._secret = running.clients["portal"]
        self.http = httpx.Client(timeout=30)
        self.headers = {**HEADERS, "Authorization": f"Bearer {self.token()}"}

    def token(self) -> str:
        answer = self.http.post(
            f"{self.url}/token",
            data={"grant_type": "client_credentials", **self._secret},
        )
        return str(answer.raise_for_status().json()["access_token"])

    def get(self, until: str, since: str | None = None, **query: int) -> httpx.Response:
        asked: dict[str, str | int] = {"capNhatDen": until, **query}
        if since is not None:
            asked["capNhatTu"] = since
        return self.http.get(f"{self.url}/dvc/v1/ho-so", params=asked, headers=self.headers)

    def pages(self, until: str, since: str | None = None, size: int = 1000) -> list[dict[str, Any]]:
        """All pages of a window, checked against each other."""
        found: list[dict[str, Any]] = []
        while not found or len(found) < found[0]["tongTrang"]:
            answer = self.get(until, since, trang=len(found) + 1, soLuong=size)
            found.append(answer.raise_for_status().json())
        assert {page["tongSo"] for page in found} == {sum(len(p["duLieu"]) for p in found)}
        return found


class Programme:
    """A client of the programme office."""

    def __init__(self, running: Running) -> None:
        secret = running.clients["programme"]
        self.http = httpx.Client(
            base_url=running.programme.url,
            auth=(secret["username"], secret["password"]),
            timeout=30,
        )

    def get(self, until: str) -> httpx.Response:
        return self.http.get("/ke-hoach/nhiem-vu.csv", params={"den": until})
