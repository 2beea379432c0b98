"""``migrate --all``: every province's warehouse, one after another; one failure stops no other."""

from pathlib import Path

import pytest

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.provinces import current, files
from dean06.schema import migrate
from tests.lib.many_provinces import command


@pytest.fixture
def upgraded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Keys of the provinces whose warehouse was upgraded, in order."""
    found: list[str] = []

    def upgrade() -> int:
        found.append(current.key())
        return 0

    monkeypatch.setattr(migrate, "migrate", upgrade)
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three provinces."""
    for number, key in enumerate(("ca_mau", "ha_nam", "long_an")):
        dsn = f"postgresql+psycopg2://owner:secret@db.example/{key}"
        entry = files.Entry(key.title(), f"8{number}", dsn, str(tmp_path / key))
        (tmp_path / f"{key}.yaml").write_text(files.text_of(entry), encoding="utf-8")
    monkeypatch.setenv("DEAN06_PROVINCES", str(tmp_path))
    return tmp_path


def test_every_province_is_upgraded(folder: Path, upgraded: list[str]) -> None:
    assert command("migrate", "--all").exit_code == 0
    assert upgraded == ["ca_mau", "ha_nam", "long_an"]


def test_the_only_one_is_upgraded(monkeypatch: pytest.MonkeyPatch, upgraded: list[str]) -> None:
    monkeypatch.delenv("DEAN06_PROVINCES", raising=False)
    monkeypatch.setenv("DEAN06_WAREHOUSE_DSN", "postgresql+psycopg2://owner@db.example/dean06")
    assert command("migrate", "--all").exit_code == 0
    assert upgraded == [""]


def test_a_wrong_file_stops_its_own_province_only(folder: Path, upgraded: list[str]) -> None:
    (folder / "ha_nam.yaml").write_text("name: [", encoding="utf-8")
    done = command("migrate", "--all")
    assert (done.exit_code, upgraded) == (0, ["ca_mau", "long_an"])
    assert "ha_nam.yaml" in done.output


def test_a_warehouse_that_fails_is_named_after_the_others_are_upgraded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded: list[str] = []

    def upgrade() -> int:
        if current.key() == "ca_mau":
            raise Dean06Error(detail("restore_not_empty"))
        upgraded.append(current.key())
        return 0

    monkeypatch.setattr(migrate, "migrate", upgrade)
    done = command("migrate", "--all")
    assert (done.exit_code, upgraded) == (1, ["ha_nam", "long_an"])
    assert "were not upgraded: ca_mau" in done.output


def test_all_is_not_one(folder: Path, upgraded: list[str]) -> None:
    done = command("--province", "ha_nam", "migrate", "--all")
    assert (done.exit_code, upgraded) == (1, [])
    assert "--all cannot be combined with --province" in done.output


def test_an_empty_folder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, upgraded: list[str]
) -> None:
    monkeypatch.setenv("DEAN06_PROVINCES", str(tmp_path))
    done = command("migrate", "--all")
    assert (done.exit_code, upgraded) == (1, [])
    assert "has no province file" in done.output
