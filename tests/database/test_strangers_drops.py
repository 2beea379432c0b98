"""Drops in the wrong place, from SFTP to core."""

import json
from pathlib import Path
from typing import Any

import pytest

from dean06.errors import ContractError, ManifestMismatchError
from tests.lib.loading import rows
from tests.lib.strangers_http import STRANGERS, sync
from tests.lib.strangers_sftp import outbox

DAY = "2022-10-31"
DROP = STRANGERS / "41-drop-of-another-day"

pytestmark = pytest.mark.usefixtures("warehouse")


def deliver(root: Path, **changes: Any) -> None:
    """The drop as the folder of DAY, with some members of its manifest changed."""
    folder = root / "outbox" / DAY
    folder.mkdir(parents=True)
    manifest = {**json.loads((DROP / "manifest.json").read_text()), **changes}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    for path in DROP.glob("*.csv.gz"):
        (folder / path.name).write_bytes(path.read_bytes())
    with outbox(root) as place:
        sync(place, "insurance", "one", DAY)


@pytest.mark.parametrize(
    ("day", "named"),
    [
        ("2022-10-30", "2022-10-30"),
        ("2022-11-31", "no day"),
        ("Hien\x1b", "no day"),
        ("", "no day"),
    ],
)
def test_yesterdays_drop_in_todays_folder_is_not_todays(
    tmp_path: Path, day: str, named: str
) -> None:
    with pytest.raises(ManifestMismatchError) as raised:
        deliver(tmp_path, day=day)
    message = str(raised.value)
    assert "the folder of 2022-10-31 holds the drop of another day" in message
    assert named in message
    assert "Hien" not in message
    assert rows("select count(*) from core.insurance__participant") == [(0,)]


@pytest.mark.parametrize("day", [DAY, None])
def test_a_drop_of_its_own_day_is_loaded(tmp_path: Path, day: str | None) -> None:
    deliver(tmp_path, day=day)
    assert rows("select count(*) from core.insurance__participant") == [(2,)]


def test_a_file_is_listed_once(tmp_path: Path) -> None:
    files = json.loads((DROP / "manifest.json").read_text())["files"]
    with pytest.raises(ContractError, match="the manifest of 2022-10-31 lists a file twice"):
        deliver(tmp_path, day=DAY, files=files * 2)
