"""Validators that others wrote accept a release, and refuse one that is not right."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench.place import CACHE

from tests.conftest import Cluster
from tests.lib.open_data import released
from tests.validators.program import CHECKS, validator

pytestmark = pytest.mark.campaign


@pytest.fixture(scope="module")
def release(
    cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The folder of a release, small counts suppressed."""
    with released(cluster, migrated, tmp_path_factory.mktemp("release")) as folder:
        yield folder


def swapped(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Writes something else into a file of the release."""

    def swap(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return swap


WRONG = [
    ("frictionless", swapped("kpi_values.csv", ",as_reported,", ",as_told,")),
    ("frictionless", swapped("kpi_values.csv", ",t,2022", ",maybe,2022")),
    ("csvw", swapped("kpi_values.csv", ",t,2022", ",maybe,2022")),
    ("csvw", swapped("units.csv", "\nprovince,82,as_reported,", "\nprovince,83,as_reported,")),
    ("pyshacl", swapped("catalogue.jsonld", '"dcat:accessURL"', '"dcat:noURL"')),
    ("pyshacl", swapped("catalogue.jsonld", '"foaf:name"', '"foaf:noName"')),
    ("pysdmx", swapped("sdmx/data.csv", ",Q,hidden,", ",Q,secret,")),
    ("pysdmx", swapped("sdmx/structure.json", '"id": "CL_KPI"', '"id": "CL KPI"')),
    ("datacontract", swapped("kpi_values.csv", ",,,,hidden,", ",3,,3,hidden,")),
    ("datacontract", swapped("contract.odcs.yaml", "kind: DataContract", "kind: Contract")),
]


@pytest.mark.parametrize("name", CHECKS)
def test_a_release_is_valid(release: Path, name: str) -> None:
    is_valid, said = validator(CACHE, name)(release)
    print(said)
    assert is_valid, said


@pytest.mark.parametrize(
    ("name", "spoil"), WRONG, ids=[f"{name}-{n}" for n, (name, _) in enumerate(WRONG)]
)
def test_a_release_that_is_not_right_is_refused(
    release: Path, name: str, spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    copy = tmp_path / "release"
    copy.mkdir()
    for path in (each for each in release.rglob("*") if each.is_file()):
        target = copy / path.relative_to(release)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(path.read_bytes())
    spoil(copy)
    is_valid, said = validator(CACHE, name)(copy)
    assert not is_valid, said
