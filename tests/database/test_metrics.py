"""Metrics: what the ledger says, as Prometheus reads it; nothing of persons, nothing written."""

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPConnection
from http.server import HTTPServer

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from typer.testing import CliRunner

import dean06
from dean06 import contract, settings
from dean06.cli.app import app
from dean06.errors import Dean06Error, WarehouseError
from dean06.metrics import endpoint
from dean06.metrics.ledger import LedgerCollector
from dean06.warehouse import transaction
from dean06.watch import freshness, watchdog
from dean06.watch.problem import Kind
from onebox.ports import free_port
from tests.conftest import Cluster, pointed_at
from tests.lib import operated
from tests.lib.loading import load_police, resident, rows

LABELS = ("step", "source", "dataset", "outcome", "state", "kind", "version")
OPENMETRICS = "application/openmetrics-text; version=1.0.0"
Samples = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture(scope="module")
def filled(cluster: Cluster, migrated: str) -> Iterator[str]:
    """Name of a warehouse with something of everything, to be copied."""
    with cluster.prepared(migrated, operated.fill) as (name, _):
        yield name


@pytest.fixture
def operated_on(cluster: Cluster, filled: str) -> Iterator[None]:
    with cluster.copy(filled):
        yield


def samples(text: str | None = None) -> Samples:
    """Every sample: its name and label values, in the order of LABELS."""
    return {
        (sample.name, tuple(sample.labels[label] for label in LABELS if label in sample.labels)): (
            sample.value
        )
        for family in text_string_to_metric_families(text or endpoint.text())
        for sample in family.samples
    }


@contextmanager
def served() -> Iterator[HTTPServer]:
    server = endpoint.serving(":0")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def get(port: int, path: str = "/metrics", accept: str = "") -> tuple[int, str, str]:
    """Status, content type and body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"Accept": accept})
    answer = connection.getresponse()
    found = answer.status, answer.headers["Content-Type"], answer.read().decode()
    connection.close()
    return found


@pytest.mark.usefixtures("operated_on")
def test_counts_are_those_of_the_ledger() -> None:
    found = samples()
    place = ("police", "resident")
    assert found["dean06_load_received_records_total", place] == operated.RESIDENTS
    outcomes = {
        labels[2]: value
        for (name, labels), value in found.items()
        if name == "dean06_load_records_total" and labels[:2] == place
    }
    assert outcomes == {
        "inserted": operated.RESIDENTS - 1, "updated": 0, "unchanged": 0, "deleted": 0,
        "superseded": 0, "quarantined": 1,
    }  # fmt: skip
    assert found["dean06_loads", (*place, "published")] == 1
    assert found["dean06_loads", (*place, "held")] == 1
    for name, where in {
        "dean06_held_batches": place, "dean06_failed_loads": ("programme", "task"),
    }.items():  # fmt: skip
        listed = {labels: value for (each, labels), value in found.items() if each == name}
        assert len(listed) == len(contract.datasets())
        assert {labels for labels, value in listed.items() if value} == {where}
    states = {labels[0]: v for (name, labels), v in found.items() if name == "dean06_kpi_builds"}
    assert states == {"published": 0, "held": 1, "released": 0, "rejected": 0, "superseded": 0}
    assert found["dean06_kpi_publications_total", ()] == 1


@pytest.mark.usefixtures("operated_on")
def test_moments_are_those_of_the_ledger() -> None:
    found = samples()
    end = settings.end_of(datetime.fromisoformat(operated.DAY).date()).timestamp()
    assert found["dean06_kpi_data_timestamp_seconds", ()] == end
    now = time.time()
    for name in ("kpi_last_publication", "watchdog_last_check"):
        assert 0 <= now - found[f"dean06_{name}_timestamp_seconds", ()] < 120
    for source in contract.sources():
        agreed = contract.load(source).fresh_for.total_seconds()
        reached = found["dean06_source_data_timestamp_seconds", (source,)]
        assert reached == end
        assert found["dean06_source_freshness_limit_seconds", (source,)] == agreed
        stale = found["dean06_source_stale_after_timestamp_seconds", (source,)]
        assert stale == pytest.approx(end + agreed)
    steps = {labels for name, labels in found if name == "dean06_step_duration_seconds"}
    assert ("verify_identities", "", "") in steps
    assert {("sync", d.source, d.name) for d in contract.datasets()} <= steps
    assert ("extract", "police", "resident") in steps
    took = {step: found["dean06_step_duration_seconds", (step, "police", "resident")]
            for step in ("extract", "sync")}  # fmt: skip
    assert 0 < took["extract"] < took["sync"] < 120


@pytest.mark.usefixtures("operated_on")
def test_problems_are_those_of_the_watchdog_by_kind() -> None:
    found = samples()
    kinds = {
        labels[0]: value for (name, labels), value in found.items()
        if name == "dean06_open_problems"
    }  # fmt: skip
    assert set(kinds) == set(Kind)
    opened = rows(
        "select split_part(alert_key, ':', 1), count(*) from ops.alert where closed_at is null "
        "group by 1"
    )
    assert {kind: value for kind, value in kinds.items() if value} == dict(opened)
    assert {"held", "build"} <= dict(opened).keys()
    load_police("good", operated.NEXT_DAY, [resident()])
    watchdog.check(datetime.now(settings.TIMEZONE))
    assert samples()["dean06_open_problems", ("held",)] == 0


@pytest.mark.usefixtures("operated_on")
def test_versions() -> None:
    found = samples()
    assert found["dean06_build_info", (dean06.__version__,)] == 1
    newest = max(int(path.name[:4]) for path in (settings.SQL / "migrations").glob("*.sql"))
    assert found["dean06_schema_version", ()] == newest


@pytest.mark.usefixtures("operated_on")
def test_no_person_and_no_text_is_in_it_and_labels_are_codes() -> None:
    text = endpoint.text()
    assert rows("select count(*) from ops.quarantine where payload::text like :name",
                name=f"%{operated.NAME}%") == [(1,)]  # fmt: skip
    assert operated.PERSON not in text
    assert "Giấu" not in text
    assert not re.search(r"\d{12}[^.]", re.sub(r" [\d.e+]+$", "", text, flags=re.MULTILINE))
    seen = {
        (label, value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        for label, value in sample.labels.items()
    }
    assert {label for label, _ in seen} == set(LABELS)
    assert [value for label, value in seen if not re.fullmatch(r"[a-z0-9_.]*", value)] == []


@pytest.mark.usefixtures("operated_on")
def test_more_loads_bring_no_more_series_and_counters_only_grow() -> None:
    before = samples()
    load_police("three", "2022-11-02", [resident(soDinhDanh="082190000777")])
    after = samples()
    fewer = {name for name in before if name[0].endswith("_total") and after[name] < before[name]}
    assert fewer == set()
    assert after["dean06_load_records_total", ("police", "resident", "inserted")] == (
        operated.RESIDENTS
    )
    assert after.keys() == before.keys()


@pytest.mark.usefixtures("warehouse")
def test_an_empty_warehouse_has_metrics_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEAN06_SCHEDULE_FROM", "2030-01-01")
    found = samples()
    assert found["dean06_kpi_publications_total", ()] == 0
    assert ("dean06_watchdog_last_check_timestamp_seconds", ()) not in found
    assert sum(v for (name, _), v in found.items() if name == "dean06_held_batches") == 0
    with transaction() as session:
        levels = freshness.of_sources(session, datetime.now(settings.TIMEZONE))
    for level in levels:
        start = settings.start_of(settings.scheduled_from()) + level.agreed
        name = "dean06_source_stale_after_timestamp_seconds"
        assert found[name, (level.source,)] == pytest.approx(start.timestamp(), abs=1)
        assert not level.is_stale


@pytest.mark.usefixtures("warehouse")
def test_reading_can_write_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def writes(session, now):
        seen.append(session.one("select current_user as role").role)
        session.run("insert into ops.replay (corrects_load_id) values (1)")
        yield

    monkeypatch.setattr("dean06.metrics.ledger._families", writes)
    with pytest.raises(WarehouseError, match="25006"):  # read-only transaction
        list(LedgerCollector().collect())
    assert seen == ["dean06_ui"]


@pytest.mark.usefixtures("operated_on")
def test_the_address_answers_in_the_format_that_is_asked_for() -> None:
    with served() as server:
        assert server.server_address[0] == "127.0.0.1"
        port = server.server_address[1]
        openmetrics = get(port, accept=OPENMETRICS)
        assert openmetrics[:2] == (
            200, "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
        )  # fmt: skip
        assert samples(openmetrics[2]).keys() == samples().keys()
        assert openmetrics[2].endswith("# EOF\n")
        status, kind, text = get(port)
        assert (status, kind.split(";")[0]) == (200, "text/plain")
        assert "# TYPE dean06_load_records_total counter" in text
        assert get(port, "/")[0] == 404


def test_a_warehouse_that_is_away_is_503_and_names_no_secret(
    cluster: Cluster, migrated: str
) -> None:
    with served() as server:
        with pointed_at(f"postgresql+psycopg2://someone:not-for-logs@127.0.0.1:{free_port()}/x"):
            status, _, text = get(server.server_address[1])
        assert (status, "not-for-logs" in text) == (503, False)
        with cluster.copy(migrated):
            assert get(server.server_address[1])[0] == 200


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (":9606", ("127.0.0.1", 9606)),
        ("9606", ("127.0.0.1", 9606)),
        ("10.1.2.3:9606", ("10.1.2.3", 9606)),
    ],
)
def test_an_address(written: str, found: tuple[str, int]) -> None:
    assert endpoint.address(written) == found


@pytest.mark.parametrize("written", ["", "localhost", "host:", "host:x", ":70000", ":-1", ":²"])
def test_what_is_no_address_is_refused_in_one_line(written: str) -> None:
    with pytest.raises(Dean06Error, match="write HOST:PORT"):
        endpoint.address(written)


@pytest.mark.usefixtures("operated_on")
def test_the_command_prints_them() -> None:
    printed = CliRunner().invoke(app, ["metrics"])
    assert (printed.exit_code, samples(printed.stdout).keys()) == (0, samples().keys())
    refused = CliRunner().invoke(app, ["metrics", "--serve", "here"])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("dean06: here is not an address")


@pytest.mark.parametrize(
    ("command", "settings_of"),
    [
        ("watch --every 0.2", {"DEAN06_METRICS": ":{port}"}),
        ("metrics --serve 127.0.0.1:{port}", {}),
    ],
)
@pytest.mark.usefixtures("warehouse")
def test_a_process_serves_metrics(command: str, settings_of: dict[str, str]) -> None:
    port = free_port()
    given = {name: value.format(port=port) for name, value in settings_of.items()}
    process = subprocess.Popen(
        [sys.executable, "-m", "dean06", *command.format(port=port).split()],
        env={**os.environ, **given},
        stderr=subprocess.DEVNULL,
    )
    try:
        assert _first_answer(port, process)["dean06_kpi_publications_total", ()] == 0
    finally:
        process.kill()
        process.wait()


def _first_answer(port: int, process: "subprocess.Popen[bytes]") -> Samples:
    until = time.monotonic() + 20
    while True:
        try:
            return samples(get(port, accept=OPENMETRICS)[2])
        except ConnectionRefusedError:
            assert (process.poll(), time.monotonic() < until) == (None, True)
            time.sleep(0.1)
