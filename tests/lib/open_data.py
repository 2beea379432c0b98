"""Settings of a publisher of open data, and releases of made-up publications."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from airflow.sdk import ObjectStoragePath

from dean06.open_data import write as release
from dean06.proof import signing
from tests.conftest import Cluster
from tests.lib.disclosure import made_up
from tests.lib.disclosure.made_up import State
from tests.lib.disclosure.protected import SMALLEST

SETTINGS = {
    "DEAN06_OPEN_DATA_URL": "https://open-data.example/kpis",
    "DEAN06_OPEN_DATA_PUBLISHER": "UBND tỉnh Tiền Giang (thử nghiệm)",
    "DEAN06_OPEN_DATA_LICENCE": "https://creativecommons.org/licenses/by/4.0/",
    "DEAN06_OPEN_DATA_CONTACT": "du-lieu-mo@example.org",
}


@dataclass(frozen=True)
class Written:
    """A release in a folder of this machine."""

    publication_id: int
    folder: Path
    files: tuple[Path, ...]


def write(folder: Path, publication: int | None = None) -> Written:
    """Write a release below a folder of this machine."""
    done = release.write(ObjectStoragePath(folder.as_uri()), publication)
    files = tuple(Path(file.path) for file in done.files)
    return Written(done.publication_id, Path(done.folder.path), files)


def set_publisher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set everything that a release needs."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)


def publish_days(days: int = 2, late: int = 0) -> list[State]:
    """Publish days, the last ``late`` of them again with what came late; small counts are
    suppressed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAN06_SMALLEST_SHOWN_COUNT", str(SMALLEST))
        return made_up.history(days=days, communes=6, late=late)


@contextmanager
def released(cluster: Cluster, migrated: str, home: Path) -> Iterator[Path]:
    """The folder of the release of the second of two days, in a warehouse that lasts as long."""
    with cluster.copy(migrated), pytest.MonkeyPatch.context() as patch:
        set_publisher(patch)
        patch.setenv("DEAN06_PUBLICATION_KEYS", str(home / "publication_keys.json"))
        patch.setenv("DEAN06_SIGNED_PUBLICATIONS", (home / "publications").as_uri())
        publish_days()
        signing.sign_due()
        yield write(home / "releases").folder
