"""For every source and every fault that makes sense there: the sync ends as it does without it.

One dataset of each source goes through the whole load protocol, over the real wire, into a
warehouse of its own. The world is clean and no rule is checked, which would cost two seconds a
case: what rules find is the same whatever the network does, since it depends on records alone.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from email.utils import formatdate
from typing import Any
from unittest import mock

import pytest

from dean06 import contract
from dean06.contract import Dataset
from dean06.errors import ContractError, Dean06Error, InconsistentDeliveryError, SourceError
from dean06.kpi.build import build_kpis
from dean06.load import ledger
from dean06.load import validate as validation
from dean06.load.extract import extract, request_export
from dean06.load.publish import publish
from dean06.load.quarantine import quarantine
from dean06.load.stage import stage
from dean06.reports.digest import warehouse_digest
from dean06.wire import outbox
from dean06.wire.answers import retry_after
from ministries.faults import Fault, load_profile
from ministries.servers import Running, running
from tests.conftest import Cluster, pointed_at
from tests.lib.loading import rows
from tests.lib.syncing import endpoint, wait_for_export

DAY = date(2022, 10, 31)
Undisturbed = Callable[[str], dict[str, str]]
DATASETS = {
    "police": "eid_account",
    "insurance": "participant",
    "health": "encounter",
    "education": "exam_registration",
    "portal": "dossier",
    "programme": "task",
}
RETRIES = 3
"""How often Airflow takes a failed task again, which is worth it after a SourceError only."""

Case = tuple[tuple[str, dict[str, Any]], ...]
"""Faults that strike one after the other, each once unless it is a state of the source."""


def _one(kind: str, /, **args: Any) -> Case:
    return ((kind, args),)


AHEAD, BEHIND = _one("clock_skew", seconds=4000), _one("clock_skew", seconds=-4000)
OF_EVERY_SOURCE: list[Case] = [
    _one("down"),
    _one("unauthorized"),
    (
        *_one("rate_limited", retry_after=0),
        *_one("rate_limited", retry_after=0, form="date"),
    ),
    (*_one("server_error"), *_one("unavailable", retry_after=0)),
    (*_one("cut_body"), *_one("short_body")),
    _one("wrong_digest"),
    _one("duplicated_page", rows=40),
    _one("reordered_rows"),
    _one("unknown_field"),
    AHEAD,
]
OF_ONE_SOURCE: dict[str, list[Case]] = {
    "police": [
        _one("expired_token"), _one("expired_cursor"), _one("repeated_page"),
        _one("reordered_pages", rows=40), BEHIND,
    ],
    "insurance": [
        _one("revised_drop", day=str(DAY)),
        _one("revised_drop", day="2022-10-01", while_reading=True),
        _one("reordered_pages", rows=40), BEHIND,
    ],
    "health": [
        _one("expired_token"), _one("manifest_sha256"),
        _one("reordered_pages", rows=40),
    ],
    "education": [BEHIND],
    "portal": [
        _one("expired_token"), _one("repeated_page"), _one("shifted_page"),
        _one("manifest_rows"), (*_one("malformed_json"), *_one("invalid_utf8")),
        _one("reordered_pages", rows=40), BEHIND,
    ],
    "programme": [BEHIND],
}  # fmt: skip
LASTING = ("clock_skew", "revised_drop", "unknown_field")
"""These are a state of the source, not something that happens once."""


def _cases() -> Iterator[Any]:
    """Every fault with every source it can have; what all sources can have, daily with two."""
    for turn, source in enumerate(DATASETS):
        for number, case in enumerate((*OF_EVERY_SOURCE, *OF_ONE_SOURCE[source])):
            told = [str(word) for kind, args in case for word in (kind, *args.values())]
            is_daily = number >= len(OF_EVERY_SOURCE) or (number + turn) % 3 == 0
            yield pytest.param(
                source, case, id="-".join([source, *told]),
                marks=() if is_daily else pytest.mark.campaign,
            )  # fmt: skip


@pytest.fixture(scope="module")
def clean_ministries() -> Iterator[Running]:
    with running("tien_giang_2022", 0.001, dirt=False, export_delay=0) as ministries:
        yield ministries


@pytest.fixture
def ministries(clean_ministries: Running) -> Iterator[Running]:
    yield clean_ministries
    clean_ministries.faults.clear()


@contextmanager
def without_rules() -> Iterator[None]:
    """Every record is taken, whatever it says."""
    with (
        mock.patch.object(validation, "find", return_value=(None, {})),
        mock.patch.object(validation, "_results", return_value=[]),
    ):
        yield


@pytest.fixture(scope="module", autouse=True)
def _without_rules() -> Iterator[None]:
    with without_rules():
        yield


def _dataset(source: str) -> Dataset:
    return contract.load(source).dataset(DATASETS[source])


def _finish(dataset: Dataset, run: str) -> None:
    for step in (stage, validation.validate, quarantine):
        step(dataset, run)


def _load(ministries: Running, source: str, run: str, day: date) -> int:
    """Extract and check one dataset as Airflow would, a failed task again; how often it failed."""
    dataset, place = _dataset(source), endpoint(ministries, source, page_size=40)
    for failed in range(RETRIES):
        try:
            if source == "health":
                request_export(place, dataset, run, day)
                wait_for_export(place, dataset, run)
            extract(place, dataset, run, day)
            _finish(dataset, run)
            return failed
        except SourceError:
            if failed == RETRIES - 1:
                raise
    raise AssertionError


def _sync(ministries: Running, source: str, run: str = "one", day: date = DAY) -> int:
    """One dataset of a source, nothing in its others."""
    failed = _load(ministries, source, run, day)
    _rest(source, run, day)
    publish(source, run)
    return failed


def _rest(source: str, run: str, day: date) -> None:
    """Deliver nothing in a source's other datasets, unless that was done."""
    for dataset in contract.load(source).datasets:
        known = rows(
            "select from ops.load where dataset_code = :name and run_key = :run",
            name=dataset.name,
            run=run,
        )
        if dataset.name != DATASETS[source] and not known:
            load = ledger.open_load(contract.load(source), dataset, run, day)
            ledger.mark_landed(load, 0)
            _finish(dataset, run)


@pytest.fixture(scope="module")
def prepared(cluster: Cluster, migrated: str) -> str:
    """Name of a database in which the other datasets of the first run have come already."""
    url = cluster.database(template=migrated)
    with pointed_at(url):
        for source in DATASETS:
            _rest(source, "one", DAY)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def fresh(cluster: Cluster, prepared: str) -> Iterator[None]:
    """A warehouse of the test's own."""
    with cluster.copy(prepared):
        yield


@pytest.fixture(scope="module")
def undisturbed(cluster: Cluster, prepared: str, clean_ministries: Running) -> Undisturbed:
    """The digest of a source's day without any fault."""
    known: dict[str, dict[str, str]] = {}

    def of(source: str) -> dict[str, str]:
        if source not in known:
            with cluster.copy(prepared):
                assert _sync(clean_ministries, source) == 0
                known[source] = warehouse_digest()
        return known[source]

    return of


@pytest.mark.parametrize(("source", "case"), _cases())
@pytest.mark.usefixtures("fresh")
@pytest.mark.one_in(8)
def test_a_fault_ends_in_the_same_digest(
    ministries: Running, undisturbed: Undisturbed, source: str, case: Case
) -> None:
    expected = undisturbed(source)
    for kind, args in case:
        times = None if kind in LASTING else 1
        ministries.faults.add(Fault(source, DATASETS[source], kind, times, args=args))
    _sync(ministries, source)
    assert warehouse_digest() == expected
    assert ministries.faults.unseen() == []


HELD: list[tuple[str, str, dict[str, Any]]] = [
    ("police", "missing_field", {"column": "personal_id"}),
    ("insurance", "missing_field", {"column": "full_name"}),
    ("insurance", "manifest_rows", {}),
    ("insurance", "manifest_sha256", {}),
    ("insurance", "late_drop", {"day": str(DAY)}),
    ("health", "missing_field", {"column": "status"}),
    ("health", "manifest_rows", {}),
    ("health", "clock_skew", {"seconds": -4000}),
    ("education", "missing_field", {"column": "full_name"}),
    ("education", "manifest_rows", {}),
    ("education", "manifest_sha256", {}),
    ("portal", "missing_field", {"column": "applicant_name"}),
    ("portal", "manifest_rows", {}),
    ("portal", "malformed_json", {}),
    ("programme", "missing_field", {"column": "title"}),
    ("programme", "manifest_rows", {}),
]


def _held() -> Iterator[Any]:
    """Every one; daily those of the records of each source."""
    for source, kind, args in HELD:
        marks = () if kind in ("missing_field", "late_drop") else pytest.mark.campaign
        yield pytest.param(source, kind, args, id=f"{source}-{kind}-{args}", marks=marks)


@pytest.mark.parametrize(("source", "kind", "args"), _held())
@pytest.mark.usefixtures("fresh")
@pytest.mark.one_in(7)
def test_what_cannot_be_mended_changes_nothing_until_it_is_sent_again(
    ministries: Running, undisturbed: Undisturbed, source: str, kind: str, args: dict[str, Any]
) -> None:
    expected, before = undisturbed(source), warehouse_digest()
    ministries.faults.add(Fault(source, DATASETS[source], kind, args=args))
    with pytest.raises((ContractError, SourceError)):
        _sync(ministries, source)
    with pytest.raises(Dean06Error):
        publish(source, "one")
    assert warehouse_digest() == before
    assert rows("select * from ops.watermark") == []
    ministries.faults.clear()
    _sync(ministries, source)
    assert warehouse_digest() == expected


@pytest.mark.parametrize("source", DATASETS)
@pytest.mark.usefixtures("fresh")
@pytest.mark.one_in(3)
def test_an_empty_delivery_takes_nothing_away_and_can_be_asked_for_again(
    ministries: Running, undisturbed: Undisturbed, source: str
) -> None:
    expected, before = undisturbed(source), warehouse_digest()
    ministries.faults.add(Fault(source, DATASETS[source], "empty_feed"))
    _sync(ministries, source)
    assert warehouse_digest() == before
    ministries.faults.clear()
    _sync(ministries, source)  # the same run, its 'extract' cleared: the same window
    assert warehouse_digest() == expected


@pytest.mark.parametrize("is_complete", [True, False], ids=["identical", "corrected"])
@pytest.mark.usefixtures("fresh")
def test_a_drop_sent_again_after_it_was_published(
    ministries: Running, undisturbed: Undisturbed, is_complete: bool
) -> None:
    expected = undisturbed("insurance")
    day = {"day": "2022-10-01"}
    if not is_complete:
        ministries.faults.add(Fault("insurance", None, "incomplete_drop", args=day))
    _sync(ministries, "insurance")
    assert (warehouse_digest() == expected) == is_complete
    ministries.faults.add(Fault("insurance", None, "revised_drop", args=day))
    _sync(ministries, "insurance")
    assert warehouse_digest() == expected
    names = rows("select piece_name from ops.landing_file where piece_name like '2022-10-01/%'")
    assert {name for (name,) in names} == {
        "2022-10-01/r1/participant-0001.csv.gz", "2022-10-01/r2/participant-r2-0001.csv.gz"
    }  # fmt: skip


@pytest.mark.usefixtures("fresh")
def test_a_drop_revised_between_two_attempts_is_read_from_the_start(
    ministries: Running, undisturbed: Undisturbed
) -> None:
    expected = undisturbed("insurance")
    last = {"day": str(DAY)}
    first = {"day": "2022-10-01"}
    ministries.faults.add(Fault("insurance", None, "late_drop", args=last))
    ministries.faults.add(Fault("insurance", None, "incomplete_drop", args=first))
    place, dataset = endpoint(ministries, "insurance"), _dataset("insurance")
    with pytest.MonkeyPatch.context() as patch:
        # The outbox as a client sees it that came before the last day's drop was late.
        patch.setattr(outbox, "_days", lambda *_, **__: ["2022-10-01", str(DAY)])
        with pytest.raises(SourceError):
            extract(place, dataset, "one", DAY)
    assert rows("select piece_name like '2022-10-01/r1/%' from ops.landing_file") == [(True,)]
    ministries.faults.clear()
    ministries.faults.add(Fault("insurance", None, "revised_drop", args=first))
    assert _sync(ministries, "insurance") == 1
    assert warehouse_digest() == expected


@pytest.mark.usefixtures("fresh")
def test_an_expired_cursor_starts_over_one(ministries: Running) -> None:
    ministries.faults.add(Fault("police", "eid_account", "expired_cursor", times=1))
    place, dataset = endpoint(ministries, "police", page_size=40), _dataset("police")
    with pytest.raises(InconsistentDeliveryError, match=r"410.*restarting from page 1"):
        extract(place, dataset, "one", DAY)
    assert rows("select * from ops.landing_file") == []


def test_a_date_to_wait_for_is_one_of_the_sources_own_clock() -> None:
    for ahead in (-7200, 0, 7200):
        now = time.time() + ahead
        stated = {"retry-after": formatdate(now + 30, usegmt=True)}
        wait = retry_after({**stated, "date": formatdate(now, usegmt=True)})
        assert wait is not None
        assert 28 <= wait <= 32


@pytest.mark.campaign
def test_a_bad_week_ends_in_the_same_digest(
    ministries: Running, cluster: Cluster, migrated: str
) -> None:
    digests = []
    for faults in ([], load_profile("bad_week")):
        for fault in faults:
            ministries.faults.add(fault)
        with cluster.copy(migrated):
            failed = 0
            for day in (29, 30, 31):
                for source in DATASETS:
                    failed += _sync(ministries, source, f"day {day}", date(2022, 10, day))
            build_kpis()
            digests.append(warehouse_digest())
        assert (failed > 0) == bool(faults)
    assert digests[0] == digests[1]
    assert ministries.faults.unseen() == []
