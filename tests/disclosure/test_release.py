"""Nobody computes a small count, or a small change, from two releases of open data.

The attack is that of ``test_attack``, on what the files say: every format is read by itself, all of
them say the same, and what they say together is what the attacker has.
"""

from pathlib import Path

import pytest

from dean06.kpi import disclosure
from dean06.proof import signing
from tests.lib import release_files
from tests.lib.disclosure import attack
from tests.lib.disclosure.made_up import State
from tests.lib.disclosure.protected import attacked, changes
from tests.lib.open_data import publish_days, set_publisher, write

pytestmark = pytest.mark.usefixtures("warehouse", "signed_folder")


@pytest.fixture(autouse=True)
def as_published(monkeypatch: pytest.MonkeyPatch) -> None:
    set_publisher(monkeypatch)


def released(folder: Path, states: list[State]) -> list[Path]:
    """The folders of the releases of all publications."""
    signing.sign_due()
    return [write(folder, number + 1).folder for number in range(len(states))]


def collected(folders: list[Path]) -> attack.Seen:
    """What the files of releases say, whatever the format."""
    publications, rows, is_share = [], [], {}
    for folder in folders:
        number, day, least, shares = release_files.facts(folder)
        publications.append((number, day, least))
        is_share |= shares
        rows += [
            (number, *cell, told.numerator, told.denominator, told.missing_reason == "hidden",
             told.is_rounded)
            for cell, told in release_files.agreed(folder).items()
            if not cell[0].startswith("programme.")
        ]  # fmt: skip
    return attack.Seen(publications, rows, is_share)


# A day and the next; a day and the same day again, with what came late.
@pytest.mark.parametrize(("days", "late"), [(2, 0), (1, 1)])
def test_two_releases_tell_no_small_count_and_no_small_change(
    days: int, late: int, tmp_path: Path
) -> None:
    states = publish_days(days, late)
    assert len(states) == 2
    found, asked = attacked(states, collected=collected(released(tmp_path, states)))
    assert len(asked) - changes(asked) > 100
    assert changes(asked) > 20
    assert found == []


def test_releases_of_numbers_that_are_not_rounded_tell_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disclosure, "ROUNDED_TO", 0)
    states = publish_days()
    found, _ = attacked(states, collected=collected(released(tmp_path, states)))
    assert len(found) > 50
