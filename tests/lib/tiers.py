"""Which variants of a test run daily, and which with the campaigns.

A test with ``@pytest.mark.one_in(n)`` says the same of each of its variants. Daily it says it of
every n-th. Where several lists of parameters cross, the places in all lists are added up before
they are counted off, so that no list is left with one of its values.
"""

import pytest


def is_left_to_campaigns(item: pytest.Item) -> bool:
    """Whether a variant is one that the daily tier leaves out."""
    mark = item.get_closest_marker("one_in")
    return mark is not None and place(item) % mark.args[0] != 0


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
