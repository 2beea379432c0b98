"""How fast the simulated ministries serve, and in how much memory.

    python bench/ministries.py --scale 0.1 [--only police insurance …] [--together]

The server runs in a process of its own, pinned to one core where the system can do that; plain
clients in this process read everything there is and throw it away. ``baseline`` reads all there
is up to the end of the horizon, ``day`` reads the last day alone. Peak memory is the high-water
mark of the server process during that one transfer.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import paramiko
from joserfc import jwt
from joserfc.jwk import RSAKey

PROJECT = Path(__file__).resolve().parents[1]
HEADERS = {"X-Purpose": "bench", "X-Caller": "bench", "Accept-Encoding": "gzip"}
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
POLICE = ("resident", "household", "id_card_dossier", "id_card", "eid_account")
HORIZON, BEFORE, AFTER = "2022-10-31", "2022-10-31T00:00:00+07:00", "2022-11-01T00:00:00+07:00"
SPAN = {"baseline": None, "day": BEFORE}


@dataclass
class Transfer:
    """What one transfer cost."""

    first_byte: float = 0.0
    rows: int = 0
    octets: int = 0


Read = Callable[[str, dict[str, str], str | None], Iterator[tuple[int, int]]]


@contextmanager
def served(
    scenario: str, scale: float, horizon: str = HORIZON
) -> Iterator[tuple[int, dict[str, str], dict[str, Any]]]:
    """A running server: its process id, its addresses and its clients' credentials."""
    folder = Path(tempfile.mkdtemp(prefix="bench-ministries-"))
    program = [sys.executable, "-m", "ministries"]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "include")}
    secrets, clients = folder / "server.json", folder / "clients.json"
    subprocess.run(
        [*program, "credentials", "--out", secrets, "--clients", clients],
        check=True, env=environment, cwd=PROJECT,
    )  # fmt: skip
    known = json.loads(clients.read_text())
    ports = [word for source in known for word in (f"--{source}-port", "0")]
    options = ["--scenario", scenario, "--scale", str(scale), "--horizon", horizon]
    spool = str(folder / "spool")
    files = ["--credentials", str(secrets), "--spool", spool, "--export-delay", "0"]
    with subprocess.Popen(
        [*program, "serve", *options, *files, *ports],
        stdout=subprocess.PIPE, text=True, env=environment, cwd=PROJECT, preexec_fn=_one_core,
    ) as server:  # fmt: skip
        try:
            lines = (server.stdout.readline().split() for _ in known)  # type: ignore[union-attr]
            yield server.pid, {line[0]: line[-1] for line in lines}, known
        finally:
            server.terminate()
            server.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


def _one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})


def _bearer(url: str, secret: dict[str, str], path: str) -> dict[str, str]:
    pair = (secret["client_id"], secret["client_secret"])
    answer = httpx.post(f"{url}{path}", auth=pair, data={"grant_type": "client_credentials"})
    token = answer.raise_for_status().json()["access_token"]
    return {**HEADERS, "Authorization": f"Bearer {token}"}


def police(dataset: str) -> Read:
    """Reads a dataset of the police page by page."""

    def read(url: str, secret: dict[str, str], since: str | None) -> Iterator[tuple[int, int]]:
        headers, begun = _bearer(url, secret, "/oauth2/token"), time.monotonic()
        query = {"until": AFTER, "limit": "5000"} | ({"since": since} if since else {})
        following: str | None = f"{url}/v1/{dataset}"
        with httpx.Client(timeout=600) as http:
            while following:
                if time.monotonic() - begun > 200:
                    headers, begun = _bearer(url, secret, "/oauth2/token"), time.monotonic()
                page = http.get(following, params=query or None, headers=headers)
                page.raise_for_status()
                yield int(page.headers["x-record-count"]), len(page.content)
                following, query = page.links.get("next", {}).get("url"), {}

    return read


def portal(dataset: str) -> Read:
    """Reads a dataset of the portal by page numbers."""

    def read(url: str, secret: dict[str, str], since: str | None) -> Iterator[tuple[int, int]]:
        headers, page, pages = _bearer(url, secret, "/token"), 0, 1
        query = {"capNhatDen": AFTER, "soLuong": "2000"} | ({"capNhatTu": since} if since else {})
        with httpx.Client(timeout=600) as http:
            while page < pages:
                page += 1
                answer = http.get(
                    f"{url}/dvc/v1/{dataset}", params={**query, "trang": str(page)}, headers=headers
                )
                document = answer.raise_for_status().json()
                pages = document["tongTrang"]
                yield len(document["duLieu"]), len(answer.content)

    return read


def programme(url: str, secret: dict[str, str], since: str | None) -> Iterator[tuple[int, int]]:
    """Reads the list of tasks."""
    del since
    pair = (secret["username"], secret["password"])
    answer = httpx.get(f"{url}/ke-hoach/nhiem-vu.csv", params={"den": AFTER}, auth=pair)
    yield int(answer.raise_for_status().headers["x-record-count"]), len(answer.content)


def insurance(url: str, secret: dict[str, str], since: str | None) -> Iterator[tuple[int, int]]:
    """Fetches the first drop (everything so far) or the last one."""
    host, _, port = url.removeprefix("sftp://").partition(":")
    transport = paramiko.Transport((host, int(port)))
    transport.connect(username=secret["username"], password=secret["password"])
    with paramiko.SFTPClient.from_transport(transport) as session:  # type: ignore[union-attr]
        for day in sorted(session.listdir("/outbox"))[slice(-1, None) if since else slice(1)]:
            with session.open(f"/outbox/{day}/manifest.json") as stream:
                manifest = json.load(stream)
            for entry in manifest["files"]:
                with Path(os.devnull).open("wb") as nowhere:
                    session.getfo(f"/outbox/{day}/{entry['name']}", nowhere)
                yield entry["rows"], entry["bytes"]
    transport.close()


def health(kind: str) -> Read:
    """Runs an export and fetches its files."""

    def read(url: str, secret: dict[str, str], since: str | None) -> Iterator[tuple[int, int]]:
        with httpx.Client(timeout=600) as http:
            headers = _smart(http, url, secret)
            query = {"_type": kind, "_until": AFTER} | ({"_since": since} if since else {})
            asked = http.get(f"{url}/fhir/$export", params=query, headers=headers)
            job = asked.raise_for_status().headers["content-location"]
            while (status := http.get(job, headers=headers)).status_code == 202:
                time.sleep(0.1)
            for entry in status.raise_for_status().json()["output"]:
                with http.stream("GET", entry["url"], headers=headers) as file:
                    size = sum(len(block) for block in file.iter_raw())
                yield entry["count"], size

    return read


def _smart(http: httpx.Client, url: str, secret: dict[str, str]) -> dict[str, str]:
    """A token for a signed assertion (SMART Backend Services)."""
    token_url, client = f"{url}/auth/token", secret["client_id"]
    claims: dict[str, Any] = {
        "iss": client, "sub": client, "aud": token_url, "exp": int(time.time()) + 240,
        "jti": uuid.uuid4().hex,
    }  # fmt: skip
    key = RSAKey.import_key(secret["private_key"])
    header = {"alg": "RS384", "kid": secret["kid"]}
    assertion = jwt.encode(header, claims, key, algorithms=["RS384"])
    form = {
        "grant_type": "client_credentials", "scope": "system/*.read",
        "client_assertion_type": ASSERTION, "client_assertion": assertion,
    }  # fmt: skip
    token = http.post(token_url, data=form).raise_for_status().json()["access_token"]
    return {
        "Authorization": f"Bearer {token}", "Accept": "application/fhir+json",
        "Prefer": "respond-async", "Accept-Encoding": "gzip",
    }  # fmt: skip


def education(url: str, secret: dict[str, str], since: str | None) -> Iterator[tuple[int, int]]:
    """Reads the index and every workbook it lists."""
    query = {"until": AFTER} | ({"since": since} if since else {})
    pair = (secret["username"], secret["password"])
    with httpx.Client(base_url=url, auth=pair, timeout=600) as http:
        listed = http.get("/exam/index.json", params=query).raise_for_status().json()
        yield 0, 0
        for entry in listed["workbooks"]:
            yield entry["candidates"], len(http.get(f"/exam/{entry['name']}").content)


READERS: dict[str, tuple[str, Read]] = {
    **{f"police.{name}": ("police", police(name)) for name in POLICE},
    "insurance.participant": ("insurance", insurance),
    "health.encounter": ("health", health("Encounter")),
    "health.immunization": ("health", health("Immunization")),
    "education.exam_registration": ("education", education),
    "portal.dossier": ("portal", portal("ho-so")),
    "portal.national_dossier": ("portal", portal("doi-soat-ho-so")),
    "portal.national_count": ("portal", portal("doi-soat-so-luong")),
    "portal.listed_procedure": ("portal", portal("thu-tuc-niem-yet")),
    "portal.petition": ("portal", portal("phan-anh-kien-nghi")),
    "portal.certified_copy": ("portal", portal("ban-sao-chung-thuc")),
    "programme.task": ("programme", programme),
}


def measured(
    read: Read, url: str, secret: dict[str, str], since: str | None
) -> tuple[Transfer, float]:
    """What a transfer brought, and its seconds."""
    found, begun = Transfer(), time.monotonic()
    for rows, octets in read(url, secret, since):
        found.first_byte = found.first_byte or time.monotonic() - begun
        found.rows += rows
        found.octets += octets
    return found, time.monotonic() - begun


def peak(pid: int) -> str:
    """The high-water mark of a process's memory since the last call of ``forget_peak``."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return "?"
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return f"{int(line.split()[1]) / 1024:.0f}"


def forget_peak(pid: int) -> None:
    """Start a new high-water mark (Linux)."""
    reset = Path(f"/proc/{pid}/clear_refs")
    if reset.exists():
        reset.write_text("5", encoding="ascii")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--scenario", default="tien_giang_2022")
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--only", nargs="*", default=[], help="sources or datasets")
    parser.add_argument("--together", action="store_true", help="all baselines at the same time")
    chosen = parser.parse_args()
    say("dataset", "window", "rows", "first s", "seconds", "rows/s", "MB", "peak MB")
    with served(chosen.scenario, chosen.scale) as (pid, addresses, secrets):
        tasks = [
            (dataset, window, partial(measured, read, addresses[source], secrets[source], since))
            for dataset, (source, read) in READERS.items()
            if source in addresses
            and (not chosen.only or source in chosen.only or dataset in chosen.only)
            for window, since in SPAN.items()
            if not (chosen.together and since)
        ]
        with ThreadPoolExecutor(len(tasks) if chosen.together else 1) as readers:
            # One after the other each has the server to itself; together they share its core.
            for dataset, window, task in tasks:
                readers.submit(_reported, dataset, window, task, pid, alone=not chosen.together)


def _reported(
    dataset: str, window: str, task: Callable[[], tuple[Transfer, float]], pid: int, *, alone: bool
) -> None:
    if alone:
        forget_peak(pid)
    found, took = task()
    rate, megabytes = f"{found.rows / took:,.0f}", f"{found.octets / 1e6:.1f}"
    first = f"{found.first_byte:.2f}"
    say(dataset, window, found.rows, first, f"{took:.2f}", rate, megabytes, peak(pid))


def say(*columns: object) -> None:
    """One line of the table."""
    print("{:<28} {:<8} {:>9} {:>8} {:>9} {:>9} {:>7} {:>8}".format(*columns), flush=True)


if __name__ == "__main__":
    main()
