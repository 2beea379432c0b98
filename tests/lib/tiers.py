"""Which variants of a test run daily, and which with the campaigns.

A test with ``@pytest.mark.one_in(n)`` says the same of each of its variants. Daily it says it of
every n-th. Where several lists of parameters cross, the places in all lists are added up before
they are counted off, so that no list is left with one of its values.

The campaigns of a part are those of every n-th file (or folder whose tests share an installation):
continuous integration runs one part a day, so that each campaign runs every n-th day.
"""

from collections.abc import Sequence

import pytest

from tests.lib import scopes


def is_left_to_campaigns(item: pytest.Item) -> bool:
    """Whether a variant is one that the daily tier leaves out."""
    mark = item.get_closest_marker("one_in")
    return mark is not None and place(item) % mark.args[0] != 0


def of_part(part: str, files: Sequence[str]) -> set[str]:
    """Which files, in the order they run, belong to part ``2/3``: every third, from the second.

    Raises UsageError for what is no part.
    """
    number, slash, parts = part.partition("/")
    if not (slash and number.isdecimal() and parts.isdecimal() and 1 <= int(number) <= int(parts)):
        raise pytest.UsageError(f"--part {part}: write 1/3 for the first of three parts")
    return set(list(dict.fromkeys(files))[int(number) - 1 :: int(parts)])


def keep_part(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect campaigns of other parts than ``--part``; ``items`` are in the order they run."""
    long = [scopes.of(item.nodeid) for item in items if item.get_closest_marker("campaign")]
    wanted = of_part(config.getoption("--part"), long)
    kept, left = [], []
    for item in items:
        is_of_others = item.get_closest_marker("campaign") and scopes.of(item.nodeid) not in wanted
        (left if is_of_others else kept).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def place(item: pytest.Item) -> int:
    """The sum of the places of a variant's parameters in their lists.

    Raises UsageError for a test without parameters.
    """
    lists = list(item.iter_markers("parametrize"))
    if not lists or not isinstance(item, pytest.Function):
        raise pytest.UsageError(f"{item.nodeid}: one_in is for tests with parameters")
    # pytest numbers the variants through; the outermost list changes fastest.
    number = int(item.callspec.indices[_first_name(lists[0].args[0])])
    total = 0
    for each in reversed(lists[1:]):
        number, of_list = divmod(number, len(each.args[1]))
        total += of_list
    return total + number


def _first_name(names: str | list[str] | tuple[str, ...]) -> str:
    """Parameters of one list have the same number; the first stands for all."""
    return names.split(",")[0].strip() if isinstance(names, str) else names[0]
