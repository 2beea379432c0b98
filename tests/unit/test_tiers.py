"""Tiers: which variants of a test are left to the campaigns."""

from pathlib import Path

import pytest

from tests.lib import tiers

_TESTS = """
import pytest

@pytest.mark.one_in(3)
@pytest.mark.parametrize(("x", "y"), [(n, n) for n in range(7)])
def test_one_list(x, y): ...

@pytest.mark.parametrize("fast", "abc")
@pytest.mark.parametrize("slow", [1, 2, 3, 4])
@pytest.mark.one_in(3)
def test_crossed(slow, fast): ...

@pytest.mark.parametrize("z", [1, 2])
def test_unmarked(z): ...
"""


class Collected:
    """Keeps what pytest finds."""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.daily = [item.name for item in items if not tiers.is_left_to_campaigns(item)]


def daily(folder: Path, text: str) -> list[str]:
    """Names of the variants in a file that run daily."""
    (folder / "test_variants.py").write_text(text)
    found = Collected()
    options = ["-q", "--collect-only", "-p", "no:cacheprovider", f"--rootdir={folder}"]
    assert pytest.main([*options, str(folder)], plugins=[found]) == pytest.ExitCode.OK
    return found.daily


def test_of_each_n_variants_one_runs_daily_and_every_value_of_crossed_lists(tmp_path: Path) -> None:
    assert daily(tmp_path, _TESTS) == [
        "test_one_list[0-0]", "test_one_list[3-3]", "test_one_list[6-6]",
        "test_crossed[1-a]", "test_crossed[2-c]", "test_crossed[3-b]", "test_crossed[4-a]",
        "test_unmarked[1]", "test_unmarked[2]",
    ]  # fmt: skip


def test_parts_hold_every_file_once() -> None:
    files = [f"tests/{name}" for name in "gfedcba" for _ in range(2)]
    parts = [tiers.of_part(f"{number}/3", files) for number in (1, 2, 3)]
    assert parts[0] == {"tests/g", "tests/d", "tests/a"}
    assert sorted(name for part in parts for name in part) == sorted(set(files))
    assert tiers.of_part("1/1", files) == set(files)


@pytest.mark.parametrize("part", ["", "0/3", "4/3", "3", "a/b", "1/", "-1/3"])
def test_what_is_no_part_is_refused(part: str) -> None:
    with pytest.raises(pytest.UsageError, match="write 1/3"):
        tiers.of_part(part, ["tests/a"])
