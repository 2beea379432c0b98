"""Open data: a release holds a publication in every format, and nothing that is not disclosed."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dean06 import settings, storage
from dean06.cli.app import app
from dean06.errors import Dean06Error, WarehouseError
from dean06.open_data import content, due
from dean06.open_data import write as release
from dean06.proof import keys, signing
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib import release_files
from tests.lib.disclosure import made_up
from tests.lib.open_data import SETTINGS, publish_days, set_publisher, write


@dataclass(frozen=True)
class Place:
    """Where a test's files lie."""

    signed: Path
    releases: Path


@pytest.fixture(scope="module")
def prepared(cluster: Cluster, migrated: str) -> Iterator[str]:
    with cluster.prepared(migrated, publish_days) as (name, _):
        yield name


@pytest.fixture
def place(
    cluster: Cluster,
    prepared: str,
    signed_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """A warehouse with two signed publications, and the publisher's settings."""
    set_publisher(monkeypatch)
    with cluster.copy(prepared):
        signing.sign_due()
        yield Place(signed_folder, tmp_path / "releases")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_release_made_twice_is_the_same_to_the_byte(place: Place) -> None:
    first = bytes_of(write(place.releases).folder)
    assert bytes_of(write(place.releases).folder) == first
    again = write(place.releases / "elsewhere")
    assert again.publication_id == 2
    assert bytes_of(again.folder) == first
    assert first.keys() == {
        "kpi_values.csv", "kpis.csv", "units.csv", "members.csv", "missing_reasons.csv",
        "datapackage.json", "csv-metadata.json", "catalogue.jsonld", "contract.odcs.yaml",
        "kpi_values.xlsx", "sdmx/data.csv", "sdmx/structure.json",
        "signed/000002.csv", "signed/000002.json",
        f"signed/000002-{keys.newest().id}.txt",
    }  # fmt: skip


def test_every_format_says_the_same_and_marks_what_is_hidden(place: Place) -> None:
    values = release_files.agreed(write(place.releases, 1).folder)
    hidden = [told for told in values.values() if told.missing_reason == "hidden"]
    assert hidden
    assert all(told.numerator is told.denominator is told.value is None for told in hidden)
    rounded = [told for told in values.values() if told.is_rounded and told.numerator is not None]
    assert len(rounded) > 100
    assert all(told.numerator % 10 == 0 for told in rounded)
    with transaction(role="") as session:
        (count,) = session.one("select count(*) from mart.kpi_value where publication_id = 1")
        exact = session.rows("select numerator from ops.kpi_withheld where publication_id = 1")
    assert len(values) == count
    assert exact, "the warehouse knows what the release hides"


@pytest.mark.parametrize("name", release_files.FORMATS)
def test_a_number_where_a_value_is_hidden_is_seen_in_each_format(place: Place, name: str) -> None:
    """The reader of the attack sees what one format says more than the others."""
    folder = write(place.releases, 1).folder
    with pytest.MonkeyPatch.context() as patch:
        told = release_files.FORMATS[name](folder)
        cell = next(cell for cell, each in told.items() if each.missing_reason == "hidden")
        told[cell] = release_files.Told(3, None, None, "hidden", is_rounded=False)
        patch.setitem(release_files.FORMATS, name, lambda _: told)
        with pytest.raises(AssertionError):
            release_files.agreed(folder)


def test_the_signed_file_beside_it_is_genuine(place: Place, tmp_path: Path) -> None:
    folder, public = write(place.releases, 1).folder, tmp_path / "public.pem"
    keys.write_public(keys.newest(), public)
    signed = folder / "signed"
    (head,) = signed.glob("*.txt")

    def said() -> str:
        done = subprocess.run(
            [sys.executable, settings.PROJECT / "include/verify.py", signed / "000001.csv",
             "--proof", signed / "000001.json", "--head", head, "--key", public],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout

    assert said().startswith("GENUINE: publication 1 of 2022-10-31")
    values = (folder / "kpi_values.csv").read_bytes()
    assert (signed / "000001.csv").read_bytes().endswith(b"\n" + values)
    (signed / "000001.csv").write_bytes(values)
    assert said().startswith("REFUSED")


def test_it_is_read_through_the_role_of_bi_readers(place: Place) -> None:
    with transaction(role="") as session:
        session.run("revoke select on mart.kpi_value from dean06_bi")
    with pytest.raises(WarehouseError, match="42501"):
        write(place.releases)
    assert not place.releases.exists()


def test_what_is_not_as_signed_is_not_released(place: Place) -> None:
    with transaction(role="") as session:
        session.run("alter table mart.kpi_value disable trigger user")
        session.run(
            """update mart.kpi_value set numerator = numerator + 10, value = value + 10
               where publication_id = 2 and denominator is null and unit_level = 'province'"""
        )
    with pytest.raises(Dean06Error, match=r"publication 2: mart\.kpi_value differs from the sign"):
        write(place.releases)


def test_what_is_not_signed_or_not_there_is_refused(place: Place) -> None:
    with pytest.raises(Dean06Error, match="there is no publication 3"):
        write(place.releases, 3)
    (place.signed / "publications/000002.csv").unlink()
    with pytest.raises(Dean06Error, match="publication 2 is not signed yet: run"):
        write(place.releases)
    assert not place.releases.exists()


@pytest.mark.usefixtures("warehouse")
def test_before_the_first_publication_there_is_no_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_publisher(monkeypatch)
    with pytest.raises(Dean06Error, match="nothing is published yet"):
        write(tmp_path)


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DEAN06_OPEN_DATA_URL", "", "DEAN06_OPEN_DATA_URL must be a URL"),
        ("DEAN06_OPEN_DATA_URL", "file:///srv", "DEAN06_OPEN_DATA_URL must be a URL"),
        ("DEAN06_OPEN_DATA_PUBLISHER", " ", "must name the agency"),
        ("DEAN06_OPEN_DATA_LICENCE", "CC-BY", "DEAN06_OPEN_DATA_LICENCE must be a URL"),
        ("DEAN06_OPEN_DATA_CONTACT", "nobody", "must be an e-mail address or a URL"),
        ("DEAN06_OPEN_DATA_UPDATE_CYCLE", "hourly", "must be one of daily, weekly"),
    ],
)
def test_settings_that_are_missing_or_not_valid_are_named(
    setting: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_publisher(monkeypatch)
    monkeypatch.setenv(setting, value)
    with pytest.raises(Dean06Error, match=said):
        content.read(None)


def test_the_command_writes_the_newest_publication_or_the_one_that_is_named(place: Place) -> None:
    runner = CliRunner()
    done = runner.invoke(app, ["release", "--to", str(place.releases)])
    assert (done.exit_code, done.stdout.split(":")[0]) == (0, "publication 2")
    done = runner.invoke(app, ["release", "--publication", "1", "--to", str(place.releases)])
    assert done.exit_code == 0
    assert {path.name for path in place.releases.iterdir()} == {
        "publication-000001", "publication-000002",
    }  # fmt: skip
    done = runner.invoke(app, ["release", "--publication", "7", "--to", str(place.releases)])
    assert (done.exit_code, done.stderr) == (1, "dean06: there is no publication 7\n")


def test_licence_contact_and_update_cycle_are_in_the_descriptions(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_OPEN_DATA_UPDATE_CYCLE", "weekly")
    folder = write(place.releases).folder
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"] == [{"path": SETTINGS["DEAN06_OPEN_DATA_LICENCE"]}]
    assert package["contributors"][0]["email"] == SETTINGS["DEAN06_OPEN_DATA_CONTACT"]
    assert package["updateCycle"] == "weekly"
    for name in ("catalogue.jsonld", "csv-metadata.json", "contract.odcs.yaml"):
        assert SETTINGS["DEAN06_OPEN_DATA_LICENCE"] in (folder / name).read_text(encoding="utf-8")
    for name in ("catalogue.jsonld", "contract.odcs.yaml"):
        said = (folder / name).read_text(encoding="utf-8")
        assert f"mailto:{SETTINGS['DEAN06_OPEN_DATA_CONTACT']}" in said
        assert "weekly" in said


def test_each_publication_after_the_newest_release_is_released(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """History is not released by itself; from the first release on, every publication is."""
    monkeypatch.setenv("DEAN06_OPEN_DATA", place.releases.as_uri())
    assert due.write_due() == [2]
    assert due.write_due() == []
    first = bytes_of(place.releases)
    for day in ("2022-11-05", "2022-11-06"):
        made_up.publish(communes=6, found=Counter(), day=date.fromisoformat(day))
    signing.sign_due()
    assert due.write_due() == [3, 4]
    assert due.write_due() == []
    now = bytes_of(place.releases)
    assert {name: now[name] for name in first} == first
    assert {name.split("/")[0] for name in now} == {f"publication-00000{n}" for n in (2, 3, 4)}
    # What a publisher has removed does not come back; other folders are none of a release.
    shutil.rmtree(place.releases / "publication-000003")
    (place.releases / "publication-9999999999999999999").mkdir()
    (place.releases / "publication-000009").touch()
    assert due.write_due() == []


def test_a_release_that_was_cut_short_is_written_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever file was being written: the last one says that all are there."""
    monkeypatch.setenv("DEAN06_OPEN_DATA", place.releases.as_uri())
    assert due.write_due() == [2]
    whole = bytes_of(place.releases)
    real = storage.put
    for stops_at in range(len(whole)):
        shutil.rmtree(place.releases)
        files = iter(range(len(whole)))

        def put(*asked: Any, files: Iterator[int] = files, stops_at: int = stops_at) -> bool:
            if next(files) == stops_at:
                raise OSError("disk full")
            return real(*asked)

        monkeypatch.setattr(storage, "put", put)
        with pytest.raises(OSError, match="disk full"):
            due.write_due()
        monkeypatch.setattr(storage, "put", real)
        assert due.write_due() == [2]
        assert bytes_of(place.releases) == whole


def test_the_last_file_is_the_last_that_is_written(place: Place) -> None:
    assert write(place.releases).files[-1].name == release.LAST
