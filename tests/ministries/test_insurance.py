"""The insurance agency on the wire."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import paramiko
import pytest

from ministries.servers import Running, running
from tests.lib.clients import drop_lines, fetch, manifest, outbox
from tests.lib.reference.reader import UnreadableError, parse
from tests.lib.reference.rulebook import FIELDS

DATASET = "insurance.participant"


def test_only_the_known_client_comes_in(servers: Running) -> None:
    transport = paramiko.Transport((servers.insurance.host, servers.insurance.port))
    with pytest.raises(paramiko.AuthenticationException):
        transport.connect(username="dean06", password="wrong")
    transport.close()


def test_the_host_key_is_the_published_one(servers: Running) -> None:
    transport = paramiko.Transport((servers.insurance.host, servers.insurance.port))
    transport.start_client(timeout=10)
    key = transport.get_remote_server_key()
    transport.close()
    published = servers.clients["insurance"]["host_key"]
    assert f"{key.get_name()} {key.get_base64()}" == published


def test_days_are_listed_from_the_first_drop_to_the_horizon(servers: Running) -> None:
    with outbox(servers) as session:
        days = sorted(session.listdir("/outbox"))
    assert (days[0], days[-1], len(days)) == ("2022-10-01", "2022-12-31", 92)


def test_no_day_is_missing_while_its_drop_is_written(tmp_path: Path) -> None:
    with running("tien_giang_2022", 0.001, spool=tmp_path) as ministries:
        (root,) = tmp_path.glob("*/insurance/outbox")
        every_day = len(list(root.iterdir()))

        def read_all() -> None:
            with outbox(ministries) as session:
                for day in session.listdir("/outbox"):
                    manifest(session, day)

        with ThreadPoolExecutor(1) as pool:
            reading = pool.submit(read_all)
            seen = set()
            while not reading.done():
                seen.add(len(list(root.iterdir())))  # as the server lists them
        reading.result()
    assert seen == {every_day}


def test_a_drop_matches_its_manifest_and_holds_its_day(servers: Running) -> None:
    with outbox(servers) as session:
        found = manifest(session, "2022-11-02")
        lines = drop_lines(session, "2022-11-02")
    assert {k: found[k] for k in ("dataset", "day", "revision")} == {
        "dataset": "participant",
        "day": "2022-11-02",
        "revision": 1,
    }
    header = [pair.split("=")[1] for pair in FIELDS[DATASET].split()]
    assert lines[0].decode() == ",".join(header)
    for line in lines[1:]:
        try:
            record = parse(DATASET, line)
        except UnreadableError:
            continue
        assert str(record["updated_at"]).startswith("2022-11-02T")


def test_the_first_drop_holds_everything_earlier(servers: Running) -> None:
    with outbox(servers) as session:
        lines = drop_lines(session, "2022-10-01")[1:]
    days = set()
    for line in lines:
        try:
            days.add(str(parse(DATASET, line)["updated_at"])[:10])
        except UnreadableError:
            continue
    assert (min(days), max(days)) == ("2022-01-01", "2022-10-01")


def test_the_outbox_is_read_only_and_closed(servers: Running) -> None:
    with outbox(servers) as session:
        with pytest.raises(PermissionError):
            session.open("/outbox/x", "w")
        with pytest.raises(PermissionError):
            session.mkdir("/outbox/x")
        with pytest.raises(PermissionError):
            session.remove("/outbox/2022-10-01/manifest.json")
        for path in ("/outbox/2023-01-01", "/outbox/2022-09-30", "/outbox/x", "/../../etc/passwd"):
            with pytest.raises(FileNotFoundError):
                session.stat(path)


def test_the_same_file_has_the_same_bytes(servers: Running) -> None:
    path = "/outbox/2022-10-03/manifest.json"
    with outbox(servers) as one, outbox(servers) as two:
        assert fetch(one, path) == fetch(two, path)
        assert one.stat(path).st_size == len(fetch(two, path))
