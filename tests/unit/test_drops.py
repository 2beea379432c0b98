"""Drops made by hand: a folder a day, its manifest last, sent again as another revision."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dean06.cli import drops
from dean06.errors import (
    ContractError,
    Dean06Error,
    InconsistentDeliveryError,
    ManifestMismatchError,
    SourceError,
)
from dean06.terms import Terms
from dean06.wire import folder, outbox
from tests.lib.scaffolded import scaffolded

DAY = date(2022, 11, 2)
UNTIL = datetime(2022, 11, 3, tzinfo=UTC)
TERMS = Terms(owner="", protocol="")


@pytest.fixture
def box(tmp_path: Path) -> folder.Outbox:
    (tmp_path / "land_record").mkdir()
    return folder.Outbox(tmp_path.as_uri(), "land_record", TERMS)


def _put(root: Path, day: date, name: str, body: bytes, rows: int) -> Path:
    """As ``drops.write``, for a source without a module."""
    return drops.keep(root, scaffolded("csv"), day, [drops.Brought(name, body, rows)])


def _sent(box: folder.Outbox, *landed: str, is_daily: bool = False) -> list[tuple[str, bytes]]:
    files = outbox.sent(box, None, UNTIL, landed, is_daily=is_daily)
    return [(file.name, file.body.read()) for file in files]


def test_a_drop_sent_again_is_the_next_revision(tmp_path: Path, box: folder.Outbox) -> None:
    _put(tmp_path, DAY, "a.csv", b"x\n1\n", 1)
    assert _sent(box) == [("2022-11-02/r1/a.csv", b"x\n1\n")]
    assert _sent(box, "2022-11-02/r1/a.csv") == []
    place = _put(tmp_path, DAY, "a.csv", b"x\n2\n", 1)
    assert _sent(box) == [("2022-11-02/r2/r2-a.csv", b"x\n2\n")]
    assert {path.name for path in place.iterdir()} == {"manifest.json", "r2-a.csv"}
    with pytest.raises(InconsistentDeliveryError, match="2022-11-02 was sent again while it was"):
        _sent(box, "2022-11-02/r1/a.csv")
    assert {path.stat().st_mode & 0o077 for path in [place, *place.iterdir()]} == {0}


def test_a_day_without_a_drop_is_late_only_where_one_comes_daily(
    tmp_path: Path, box: folder.Outbox
) -> None:
    _put(tmp_path, date(2022, 10, 31), "a.csv", b"x\n1\n", 1)
    assert [name for name, _ in _sent(box)] == ["2022-10-31/r1/a.csv"]
    with pytest.raises(SourceError, match=r"the drop of 2022-11-01 is not in .*land_record yet"):
        _sent(box, is_daily=True)


def test_what_is_not_as_declared_is_refused(tmp_path: Path, box: folder.Outbox) -> None:
    place = _put(tmp_path, DAY, "a.csv", b"x\n1\n", 1)
    (place / "a.csv").write_bytes(b"x\n2\n")
    with pytest.raises(ManifestMismatchError, match="manifest says SHA-256"):
        _sent(box)
    (place / "a.csv").write_bytes(b"x\n")
    with pytest.raises(
        SourceError, match=r"manifest says 4 bytes, the file has 2: the upload may be"
    ):
        _sent(box)
    (place / "a.csv").unlink()
    (place / "a.csv").symlink_to("/etc/hostname")
    with pytest.raises(SourceError, match="land_record: Too many levels of symbolic links"):
        _sent(box)
    (place / "manifest.json").unlink()
    with pytest.raises(SourceError, match=r"manifest\.json is not there yet \(late\)"):
        _sent(box)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    box = folder.Outbox(tmp_path.as_uri(), "land_record", TERMS)
    with pytest.raises(SourceError, match=f"there is no folder {tmp_path}/land_record: create it"):
        _sent(box)


def test_the_command_says_why_it_makes_no_drop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_DROPS", str(tmp_path))
    with pytest.raises(Dean06Error, match="reads no folder: its contract lacks 'delivery: folder"):
        drops.put("insurance", None, DAY, [])
    with pytest.raises(ContractError, match=r"no contract for source 'land': land\.yaml is missi"):
        drops.put("land", None, DAY, [])


def test_a_drop_may_say_that_nothing_was_sent(tmp_path: Path, box: folder.Outbox) -> None:
    place = drops.keep(tmp_path, scaffolded("csv"), DAY, [])
    assert json.loads((place / "manifest.json").read_text())["files"] == []
    assert _sent(box) == []
