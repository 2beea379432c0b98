"""A source consists of six kinds of file. Also: files stay small, layers stay whole."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from dean06 import contract, settings
from dean06.cli import scaffold
from dean06.errors import Dean06Error
from tests.lib.syncing import SOURCES


def _datasets(root: Path) -> dict[str, list[str]]:
    found = {}
    for path in sorted((root / "include" / "contracts").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[path.stem] = [item["name"] for item in document["schema"]]
    return found


def missing_parts(root: Path) -> list[str]:
    """What sources lack, in words: ``police: DAG (dags/sync_police.py)``."""
    return [
        f"{source}: {name} ({path})"
        for source, datasets in _datasets(root).items()
        for name, path in scaffold.parts(source, datasets).items()
        if not (root / path).is_file()
    ]


def strays(root: Path) -> set[str]:
    """Files of a source kind that no contract accounts for."""
    expected = {
        str(path)
        for source, datasets in _datasets(root).items()
        for path in scaffold.parts(source, datasets).values()
    }
    patterns = (
        "plugins/dean06/sources/[a-z]*.py", "dags/sync_*.py", "expectations/*/*.json",
        "include/sql/core/*/*.sql", "tests/fixtures/*/*.json",
    )  # fmt: skip
    present = {str(p.relative_to(root)) for pattern in patterns for p in root.glob(pattern)}
    return present - expected


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for part in ("include/contracts", "plugins/dean06", "dags", "expectations", "include/sql"):
        shutil.copytree(settings.PROJECT / part, tmp_path / part)
    shutil.copytree(settings.PROJECT / "tests" / "fixtures", tmp_path / "tests" / "fixtures")
    for file in ("pyproject.toml", "tests/__init__.py", "tests/database/__init__.py"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(settings.PROJECT / file, tmp_path / file)
    return tmp_path


def test_every_source_has_its_six_kinds_of_file_and_no_other() -> None:
    assert _datasets(settings.PROJECT).keys() >= set(SOURCES)
    assert missing_parts(settings.PROJECT) == []
    assert strays(settings.PROJECT) == set()


def test_the_layout_test_names_what_is_missing(copy: Path) -> None:
    (copy / "include/sql/core/police/id_card.sql").unlink()
    (copy / "dags/sync_health.py").unlink()
    (copy / "expectations/police/stray.json").write_text("{}")
    assert missing_parts(copy) == [
        "health: DAG (dags/sync_health.py)",
        "police: core SQL of id_card (include/sql/core/police/id_card.sql)",
    ]
    assert strays(copy) == {"expectations/police/stray.json"}


@pytest.mark.parametrize("kind", scaffold.KINDS)
def test_a_scaffolded_source_passes_the_layout_test(copy: Path, kind: str) -> None:
    written = scaffold.new_source("scaffolded", kind, root=copy)
    assert all((copy / path).is_file() for path in written.paths)
    assert missing_parts(copy) == []
    assert strays(copy) == set()
    text = (copy / "include/contracts/scaffolded.yaml").read_text(encoding="utf-8")
    assert contract.parse(text, "scaffolded.yaml").dataset("scaffolded_record").key == (
        "record_id",
    )
    python = [str(path) for path in written.paths if path.suffix == ".py"]
    for tool in ("check", "format --check"):  # as people's own pipelines will
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *tool.split(), *python],
            cwd=copy, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("key", ["Land", "land_use", "", "police"])
def test_a_source_key_is_one_new_lower_case_word(copy: Path, key: str) -> None:
    with pytest.raises(Dean06Error, match=key or "lower-case"):
        scaffold.new_source(key, root=copy)


def test_a_kind_and_a_dataset_are_checked_before_anything_is_written(copy: Path) -> None:
    with pytest.raises(Dean06Error, match="'ftp' is not a kind of source: choose one of csv, fold"):
        scaffold.new_source("scaffolded", "ftp", root=copy)
    with pytest.raises(Dean06Error, match="programme has a dataset 'task': choose another name"):
        scaffold.new_source("scaffolded", "csv", "task", root=copy)
    with pytest.raises(Dean06Error, match="'Land-Parcel': a dataset is named in lower case"):
        scaffold.new_source("scaffolded", "csv", "Land-Parcel", root=copy)
    assert strays(copy) == set()


def test_no_file_of_ours_is_long() -> None:
    files = [
        p for top in ("plugins", "include", "dags") for p in (settings.PROJECT / top).rglob("*.py")
    ]
    lengths = {str(p): len(p.read_text(encoding="utf-8").splitlines()) for p in files}
    assert len(files) > 30
    # Who trusts nothing of ours gets it as one file, and can read it whole.
    assert lengths.pop(str(settings.PROJECT / "include" / "verify.py")) < 850
    assert {path: n for path, n in lengths.items() if n > 320} == {}
