"""Sources that misbehave, each over its real protocol: what is retried, refused, set aside."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from dean06 import contract
from dean06.errors import ContractError, Dean06Error, ManifestMismatchError, SourceError
from dean06.load.extract import extract
from dean06.load.publish import publish
from dean06.reports.digest import warehouse_digest
from ministries.faults import Fault
from ministries.servers import Running
from tests.conftest import Cluster
from tests.lib.loading import rows
from tests.lib.syncing import endpoint, load_dataset, sync

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = date(2022, 10, 31)
HTTP_KINDS = ("down", "unauthorized", "rate_limited", "server_error", "unavailable")
BODY_KINDS = ("cut_body", "short_body", "wrong_digest")
Undisturbed = Callable[[str], str]


@pytest.fixture(scope="module")
def undisturbed(cluster: Cluster, migrated: str, small_ministries: Running) -> Undisturbed:
    """The digest of one source's day without any fault."""
    known: dict[str, str] = {}

    def of(source: str) -> str:
        if source not in known:
            small_ministries.faults.clear()
            with cluster.copy(migrated):
                sync(small_ministries, str(DAY), sources=[source])
                known[source] = warehouse_digest()["total"]
        return known[source]

    return of


def _dataset(code: str) -> Any:
    source, name = code.split(".")
    return contract.load(source).dataset(name)


def _args(kind: str) -> dict[str, Any]:
    return {"retry_after": 0} if kind in ("rate_limited", "unavailable") else {}


@pytest.mark.parametrize("kind", [*HTTP_KINDS, *BODY_KINDS, "expired_token"])
@pytest.mark.one_in(4)
def test_a_passing_fault_of_police_is_overcome(ministries: Running, kind: str) -> None:
    place = endpoint(ministries, "police", page_size=500)
    eid = _dataset("police.eid_account")
    extract(place, eid, "undisturbed", DAY)
    ministries.faults.add(Fault("police", "eid_account", kind, times=1, args=_args(kind)))
    extract(place, eid, "disturbed", DAY)
    pieces = rows("select load_id, sha256 from ops.landing_file order by load_id, piece_no")
    first, second = (
        [sha for load, sha in pieces if load == wanted] for wanted in sorted({p[0] for p in pieces})
    )
    assert first == second


def _passing() -> Iterator[Any]:
    """With all rules; ``test_fault_digests`` has every fault without them. Daily one a source."""
    daily = {
        ("insurance", "cut_body"), ("education", "wrong_digest"), ("health", "short_body"),
        ("portal", "invalid_utf8"), ("programme", "short_body"),
    }  # fmt: skip
    others = {
        ("insurance", "down"), ("education", "server_error"), ("health", "unavailable"),
        ("education", "reordered_rows"), ("insurance", "duplicated_page"),
        ("portal", "unavailable"), ("portal", "wrong_digest"), ("portal", "malformed_json"),
        ("portal", "expired_token"),
    }  # fmt: skip
    for case in sorted(daily | others):
        marks = () if case in daily else pytest.mark.campaign
        yield pytest.param(*case, id="-".join(case), marks=marks)


@pytest.mark.parametrize(("source", "kind"), _passing())
@pytest.mark.one_in(5)
def test_a_passing_fault_ends_in_the_same_digest(
    ministries: Running, undisturbed: Undisturbed, source: str, kind: str
) -> None:
    expected = undisturbed(source)
    ministries.faults.add(Fault(source, None, kind, times=1, args=_args(kind)))
    sync(ministries, str(DAY), sources=[source])
    assert warehouse_digest()["total"] == expected


@pytest.mark.parametrize("kind", [*HTTP_KINDS, *BODY_KINDS])
def test_a_lasting_fault_names_dataset_window_and_cause(ministries: Running, kind: str) -> None:
    ministries.faults.add(Fault("police", "resident", kind, args=_args(kind)))
    with pytest.raises(SourceError) as error:
        extract(endpoint(ministries, "police"), _dataset("police.resident"), "one", DAY)
    told = str(error.value)
    assert told.startswith("police.resident (up to 2022-11-01T00:00:00+07:00)")
    assert "(after 3 attempts)" in told
    assert rows("select status, cause <> '' from ops.load") == [("open", True)]
    assert rows("select * from ops.watermark") == []


def test_other_sources_go_on_when_one_is_down(ministries: Running) -> None:
    ministries.faults.add(Fault("insurance", None, "down"))
    with pytest.raises(SourceError, match=r"insurance\.participant .*sftp"):
        sync(ministries, str(DAY), sources=["insurance"])
    sync(ministries, str(DAY), sources=["education"])
    assert rows("select source_code from ops.watermark") == [("education",)]
    published = rows("select distinct kpi_code from mart.kpi_latest where numerator is not null")
    assert published == [("education.registrations_with_personal_id",)]


@pytest.mark.parametrize(("code", "size"), [("police.resident", 500), ("portal.dossier", 20)])
def test_an_interrupted_extraction_goes_on_where_it_stopped(
    ministries: Running, code: str, size: int
) -> None:
    dataset = _dataset(code)
    place = endpoint(ministries, dataset.source, page_size=size)
    extract(place, dataset, "undisturbed", DAY)
    pages = rows("select count(*) from ops.landing_file")[0][0]
    assert pages > 3
    from dean06.load import landing

    real, count = landing.land, iter(range(100))

    def interrupted(*args: Any) -> Any:
        if next(count) == 2:
            raise KeyboardInterrupt
        return real(*args)

    with pytest.MonkeyPatch.context() as patch:
        # SIGKILL between two pages cannot be timed from outside; the fault campaign does it.
        patch.setattr(landing, "land", interrupted)
        with pytest.raises(KeyboardInterrupt):
            extract(place, dataset, "two", DAY)
    assert rows("select count(*) from ops.landing_file")[0][0] == pages + 2
    extract(place, dataset, "two", DAY)
    pieces = rows("select piece_no, sha256 from ops.landing_file order by load_id, piece_no")
    assert pieces[:pages] == pieces[pages:]


@pytest.mark.parametrize(
    ("code", "kind", "told"),
    [
        ("insurance.participant", "manifest_rows", r"declared \d+ records, the file holds \d+"),
        ("insurance.participant", "manifest_sha256", r"manifest says .* the file has"),
        ("education.exam_registration", "manifest_rows", r"declared \d+ records, the file holds"),
        ("programme.task", "manifest_rows", r"declared \d+ records, the file holds \d+"),
    ],
)
@pytest.mark.one_in(4)
def test_a_manifest_that_disagrees_with_its_file_publishes_nothing(
    ministries: Running, code: str, kind: str, told: str
) -> None:
    ministries.faults.add(Fault(code.split(".")[0], None, kind))
    with pytest.raises(ManifestMismatchError, match=told):
        load_dataset(ministries, _dataset(code), "one", DAY)
    with pytest.raises(Dean06Error):
        publish(code.split(".")[0], "one")
    ministries.faults.clear()
    load_dataset(ministries, _dataset(code), "one", DAY)  # sent again, cleared from 'extract'
    publish(code.split(".")[0], "one")


def test_a_late_drop_is_waited_for(ministries: Running) -> None:
    ministries.faults.add(Fault("insurance", None, "late_drop", args={"day": str(DAY)}))
    with pytest.raises(SourceError, match=r"drop of 2022-10-31 is not in /outbox yet \(late\)"):
        load_dataset(ministries, _dataset("insurance.participant"), "one", DAY)
    ministries.faults.clear()
    load_dataset(ministries, _dataset("insurance.participant"), "one", DAY)


@pytest.mark.parametrize(
    ("code", "kind", "rule"),
    [
        ("police.eid_account", "malformed_json", "readable"),
        ("police.eid_account", "invalid_utf8", "readable"),
        ("police.eid_account", "nul_byte", "readable"),
        ("police.eid_account", "oversized_field", "readable"),
        ("insurance.participant", "wrong_field_count", "readable"),
        ("insurance.participant", "invalid_utf8", "readable"),
        ("insurance.participant", "nul_byte", "readable"),
        ("education.exam_registration", "bad_workbook_row", None),
        ("portal.dossier", "not_an_object", "readable"),
        ("portal.dossier", "nul_byte", "readable"),
        ("portal.dossier", "oversized_field", "readable"),
        ("programme.task", "wrong_field_count", "readable"),
        ("programme.task", "invalid_utf8", "readable"),
    ],
)
@pytest.mark.one_in(4)
def test_a_bad_record_goes_to_quarantine_with_its_position_and_the_rest_loads(
    ministries: Running, code: str, kind: str, rule: str | None
) -> None:
    dataset = _dataset(code)
    load_dataset(ministries, dataset, "undisturbed", DAY)
    before = rows("select count(*) from ops.quarantine")[0][0]
    bad = Fault(dataset.source, dataset.name, kind, times=1, args={"records": 3})
    ministries.faults.add(bad)
    load_dataset(ministries, dataset, "disturbed", DAY)
    ((load_id, received),) = rows(
        "select load_id, received_count from ops.load where run_key = 'disturbed'"
    )
    ((clean,),) = rows("select received_count from ops.load where run_key = 'undisturbed'")
    kept = rows("select rule_codes from ops.quarantine where load_id = :id", id=load_id)
    assert received == clean + 3
    assert len(kept) == before + 3
    if rule:
        assert sum(codes == [rule] for (codes,) in kept) >= 3
    places = rows(
        "select line_no, piece_name from ops.quarantine_reason where load_id = :id", id=load_id
    )
    assert all(line and piece for line, piece in places)


@pytest.mark.parametrize(
    "code",
    [
        "police.eid_account", "insurance.participant", "health.encounter", "portal.dossier",
        "programme.task",
    ],
)  # fmt: skip
@pytest.mark.one_in(3)
def test_an_unknown_field_is_drift_and_the_rest_loads(ministries: Running, code: str) -> None:
    dataset = _dataset(code)
    ministries.faults.add(Fault(dataset.source, dataset.name, "unknown_field"))
    load_dataset(ministries, dataset, "one", DAY)
    (status, drift) = rows("select status, drift from ops.load")[0]
    assert status == "quarantined"
    assert len(drift) == 1


@pytest.mark.campaign
def test_without_faults_there_is_no_drift(ministries: Running) -> None:
    sync(ministries, str(DAY))
    assert rows("select dataset_code, drift from ops.load where drift <> '{}'") == []


@pytest.mark.parametrize(
    ("code", "column"),
    [
        ("police.resident", "commune_code"), ("insurance.participant", "sex_code"),
        ("portal.dossier", "procedure_code"), ("programme.task", "deadline"),
    ],
)  # fmt: skip
def test_a_missing_required_field_holds_the_batch(
    ministries: Running, code: str, column: str
) -> None:
    dataset = _dataset(code)
    ministries.faults.add(
        Fault(dataset.source, dataset.name, "missing_field", args={"column": column})
    )
    with pytest.raises(ContractError, match=rf"required field\(s\) {column}"):
        load_dataset(ministries, dataset, "one", DAY)


@pytest.mark.parametrize("source", ["insurance", "health", "education", "portal", "programme"])
@pytest.mark.one_in(3)
def test_an_empty_feed_is_a_successful_run(ministries: Running, source: str) -> None:
    ministries.faults.add(Fault(source, None, "empty_feed"))
    sync(ministries, str(DAY), sources=[source])
    assert set(rows("select status, received_count from ops.load")) == {("published", 0)}


def test_numbered_pages_whose_total_is_wrong_are_not_landed(ministries: Running) -> None:
    ministries.faults.add(Fault("portal", "dossier", "manifest_rows"))
    with pytest.raises(SourceError, match=r"\d+ records in the pages so far, \d+ declared"):
        load_dataset(ministries, _dataset("portal.dossier"), "one", DAY)
    assert rows("select count(*) from ops.landing_file") == [(0,)]


def test_wrong_credentials_are_refused(ministries: Running) -> None:
    place = endpoint(ministries, "police")
    wrong = type(place)(place.url, place.login, "wrong", place.extra)
    with pytest.raises(SourceError, match="authentication"):
        extract(wrong, _dataset("police.resident"), "one", DAY)


def test_an_unknown_host_key_is_refused(ministries: Running) -> None:
    place = endpoint(ministries, "insurance")
    import paramiko

    other = paramiko.RSAKey.generate(2048)
    wrong = type(place)(
        place.url, place.login, place.password,
        {**place.extra, "host_key": f"ssh-rsa {other.get_base64()}"},
    )  # fmt: skip
    with pytest.raises(SourceError, match=r"(?i)host key|no match"):
        extract(wrong, _dataset("insurance.participant"), "one", DAY)
