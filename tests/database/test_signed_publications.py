"""Publications are recorded with their values, signed once, and the signer is nobody's oracle."""

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

import verify
from dean06 import storage
from dean06.cli.app import app
from dean06.errors import Dean06Error, TrailError
from dean06.kpi.build import build_kpis
from dean06.proof import check, keys, signing
from dean06.warehouse import transaction
from tests.conftest import Cluster, name_of, pointed_at
from tests.lib.loading import load_police, resident, rows
from tests.lib.published import publish

RESIDENTS = "population.permanent_residents"


def publish_three() -> None:
    """A built day of few people, whose counts are suppressed or rounded, and two made by hand."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", "5")
        known = {"capNhatLuc": "2022-10-05T08:00:00+07:00"}
        three = [resident(soDinhDanh=f"08219000{n:04}", **known) for n in range(3)]
        load_police("one", "2022-10-30", three)
        build_kpis()
    publish("2022-10-31", (RESIDENTS, "", "", 70, None))
    publish("2022-10-31", (RESIDENTS, "", "", 75, None))


@pytest.fixture(scope="module")
def prepared(cluster: Cluster, migrated: str) -> Iterator[str]:
    with cluster.prepared(migrated, publish_three) as (name, _):
        yield name


@pytest.fixture
def published(cluster: Cluster, prepared: str, signed_folder: Path) -> Iterator[Path]:
    """A copy of the warehouse, of whose three publications the log has the first; the folder."""
    with cluster.copy(prepared):
        yield signed_folder


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_publication_is_in_the_log_with_its_values_and_says_no_hidden_number(
    published: Path,
) -> None:
    assert rows("select place, publication_id from ops.publication_leaf") == [(0, 1)]
    signing.sign_due()
    header, values = verify.publication_in(
        (published / "publications/000001.csv").read_bytes(), "publication 1"
    )
    assert (header["as_of_date"], header["replaces"]) == ("2022-10-30", None)
    (people,) = [each for each in header["datasets"] if each["dataset"] == "police.resident"]
    assert (people["until"], people["loads"]) == ("2022-10-30T17:00:00.000000Z", 1)
    assert header["definitions"] == [
        list(row)
        for row in rows(
            """select kpi_code, kpi_version, digest from mart.kpi_definition
               where kpi_code in (select kpi_code from mart.kpi_value where publication_id = 1)
               order by kpi_code collate "C", kpi_version"""
        )
    ]
    with transaction("dean06_bi") as session:
        shown = session.rows(
            """select kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code,
                   numerator::text, denominator::text, value::text, missing_reason
               from mart.kpi_value where publication_id = 1"""
        )
    columns = shown[0]._fields
    assert {tuple(row[name] for name in columns) for row in values} == {
        tuple(each or "" for each in row) for row in shown
    }
    hidden = [row for row in values if row["missing_reason"] == "hidden"]
    assert hidden
    assert all(row["numerator"] + row["denominator"] + row["value"] == "" for row in hidden)
    known = dict(
        rows("select kpi_code, numerator from ops.kpi_withheld where kpi_code = :code limit 1",
             code=RESIDENTS)
    )  # fmt: skip
    assert known == {RESIDENTS: 3}  # the warehouse knows it, the file does not


def test_a_run_that_is_killed_at_any_file_is_made_good_with_the_same_bytes(
    published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, left = storage.put, 0

    def killed_after(*arguments: object) -> bool:
        nonlocal left
        is_new = put(*arguments)
        left -= is_new
        if left < 0:
            raise KeyboardInterrupt
        return is_new

    monkeypatch.setattr(storage, "put", killed_after)
    kills, seen = 0, {}
    while True:
        left = 1  # one more file than the run before
        try:
            signing.sign_due()
            break
        except KeyboardInterrupt:
            kills += 1
        now = contents(published)
        assert seen.items() <= now.items()  # what was written stays as it is
        seen = now
    assert kills >= 5
    assert check.verify() == (3, [])
    whole = contents(published)
    monkeypatch.setattr(storage, "put", put)
    assert signing.sign_due() == signing.Signed(3, 3)
    shutil.rmtree(published)  # lost: the warehouse gives the same again
    signing.sign_due()
    assert contents(published) == whole


def as_superuser(cluster: Cluster, *statements: str) -> None:
    """As somebody who may do everything in the warehouse, and knows how it is built."""
    url = cluster.server.url(name_of(os.environ["DEAN06_WAREHOUSE_DSN"]))
    with pointed_at(url), transaction(role="") as session:
        session.run("set local session_replication_role = replica")
        for statement in statements:
            session.run(statement)


FORGED = """update ops.publication_leaf set
    leaf_hash = sha256('\\x00'::bytea || body) where place = 1"""


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (
            ["update mart.kpi_value set numerator = 71, value = 71 where publication_id = 2"],
            "publication 2: mart.kpi_value differs from what was published",
        ),
        (
            ["update mart.kpi_definition set digest = repeat('0', 64)"],
            "publication 1: mart.kpi_definition differs from the definition it was built with",
        ),
        (
            ["update ops.publication_leaf set body = body || '\\x00' where place = 1", FORGED],
            "the log is not the one that was signed",
        ),
        (
            ["delete from ops.publication_leaf where place = 2"],
            "the log is not the one that was signed: it is shorter",
        ),
        (
            ["delete from ops.publication_head where size = 2"],
            "publication 2: it is not signed yet",
        ),
        (
            ["update ops.publication_head set note = replace(note, E'\\n2\\n', E'\\n1\\n')"],
            "head of publication 2 (",
        ),
    ],
)
def test_what_a_superuser_rewrites_is_named(
    published: Path, cluster: Cluster, statements: list[str], told: str
) -> None:
    signing.sign_due()
    assert check.verify() == (3, [])
    as_superuser(cluster, *statements)
    found = check.verify()[1]
    assert [each for each in found if each.startswith(told)]
    with pytest.raises(TrailError, match="the check of signed publications found"):
        check.require_whole()
    done = CliRunner().invoke(app, ["verify-publications"])
    assert (done.exit_code, told in done.output) == (1, True)


@pytest.mark.parametrize(
    "statements",
    [
        [FORGED.replace("|| body", "|| 'x'")],
        ["delete from ops.publication_leaf", "delete from ops.publication_head"],
        ["delete from ops.publication_leaf where place = 2",
         "delete from mart.kpi_publication where publication_id = 3"],
    ],
    ids=["rewritten", "begun again", "cut off"],
)  # fmt: skip
def test_nothing_is_signed_over_another_history(
    published: Path, cluster: Cluster, statements: list[str]
) -> None:
    signing.sign_due()
    whole = contents(published)
    as_superuser(cluster, *statements)
    publish("2022-11-01", (RESIDENTS, "", "", 80, None))
    with pytest.raises(TrailError, match="the log of publications is not the one that was signed"):
        signing.sign_due()
    assert contents(published) == whole


def test_a_publication_out_of_order_is_refused_by_name(published: Path, cluster: Cluster) -> None:
    signing.sign_due()
    as_superuser(
        cluster,
        """insert into mart.kpi_publication
               (publication_id, as_of_date, source_codes, reason) overriding system value
           values (-7, '2022-10-29', '{}', 'made up')""",
    )
    with pytest.raises(TrailError, match="publication -7 is out of order"):
        signing.sign_due()
    assert "publication -7: it is not in the log" in check.verify()[1]


@pytest.mark.parametrize(
    ("tamper", "told"),
    [
        (lambda f: (f / "publications/000002.csv").write_text("x"), "publications/000002.csv"),
        (lambda f: (f / "proofs/000002.json").unlink(), "proofs/000002.json"),
        (lambda f: next(f.glob("heads/000003-*")).write_text("x"), "heads/000003-"),
    ],
)
def test_a_file_that_is_gone_or_another_is_named(
    published: Path, tamper: Callable[[Path], object], told: str
) -> None:
    signing.sign_due()
    tamper(published)
    (found,) = check.verify()[1]
    assert found.startswith(told)
    assert found.endswith("missing, or not what was signed")


def test_a_strange_file_in_the_place_of_one_is_not_written_over(published: Path) -> None:
    place = published / "publications/000002.csv"
    place.parent.mkdir(parents=True)
    place.write_text("somebody's")
    with pytest.raises(TrailError, match=r"000002\.csv is not the file that was signed"):
        signing.sign_due()
    assert place.read_text() == "somebody's"
    place.unlink()
    signing.sign_due()
    assert check.verify() == (3, [])


def test_keys_are_for_their_owner_alone_and_a_broken_file_is_named(
    published: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signing.sign_due()
    path = published.parent / "publication_keys.json"
    assert path.stat().st_mode & 0o777 == 0o600
    (kept,) = json.loads(path.read_text())["keys"]
    everything = b"".join(contents(published).values())
    assert kept["private_key"].encode() not in everything
    path.write_text('{"keys": [{"private_key": "00"}]}')
    with pytest.raises(Dean06Error, match=r"publication_keys\.json does not hold keys"):
        signing.sign_due()


def test_the_commands_sign_check_and_change_keys(published: Path) -> None:
    run = CliRunner().invoke
    assert (
        "Signed publications in the log: 3; number of the newest: 3."
        in run(app, ["sign-publications"]).output
    )
    pem = published.parent / "public.pem"
    old = keys.newest().id
    assert run(app, ["publication-key", str(pem)]).output == f"key {old}: {pem}\n"
    assert run(app, ["publication-key", str(pem)]).exit_code == 1  # never over another file
    assert run(app, ["rotate-publication-key"]).exit_code == 0
    again = run(app, ["rotate-publication-key"])
    assert (again.exit_code, "rotate again after that" in again.output) == (1, True)
    assert run(app, ["revoke-publication-key", "00000000"]).exit_code == 1
    assert run(app, ["revoke-publication-key", old]).exit_code == 0
    assert verify.main([str(published), "--key", str(pem)]) == 1
    assert run(app, ["verify-publications"]).output == "3 publications; differences: 0\n"


def test_csv_columns_are_those_that_the_page_for_readers_lists(published: Path) -> None:
    signing.sign_due()
    lines = (published / "publications/000002.csv").read_text().splitlines()
    assert next(csv.reader(lines[1:])) == [
        "kpi_code", "kpi_version", "unit_level", "unit_code", "boundary_version", "breakdown",
        "member_code", "numerator", "denominator", "value", "missing_reason", "is_rounded",
        "counted_on", "part_codes",
    ]  # fmt: skip
