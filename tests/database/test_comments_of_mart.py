"""Who adds up a column of mart is warned in its comment where the sum would mislead."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from dean06.reports import dictionary
from dean06.reports.dictionary import Relation

pytestmark = pytest.mark.usefixtures("warehouse")
SLICED_BY = {"unit_level", "unit_code", "kpi_code"}
"""Who has these has rows that include each other: levels, days, boundaries, periods."""
NUMBERS = re.compile(r"bigint|integer|smallint|numeric")
NO_AMOUNT = re.compile(r"(^|_)(id|no|version|position|rank)(_now)?$")
"""Names, orders and versions: nobody adds them up."""
WARNING = re.compile(r"[Aa]dd only|[Aa]dd it as|[Dd]o not add|[Nn]ever add|add up")


def silent(relations: list[Relation]) -> Iterator[str]:
    """Columns that look as if they could be added and do not say how."""
    for relation in relations:
        if SLICED_BY & {column.column_name for column in relation.columns}:
            for column in relation.columns:
                if (
                    NUMBERS.match(column.data_type)
                    and not NO_AMOUNT.search(column.column_name)
                    and not WARNING.search(" ".join((column.column_comment or "").split()))
                ):
                    yield f"{relation.name}.{column.column_name}"


def test_the_comment_of_every_amount_says_how_it_may_be_added() -> None:
    relations = dictionary._relations()
    amounts = [
        column.column_name
        for relation in relations
        if SLICED_BY & {column.column_name for column in relation.columns}
        for column in relation.columns
        if NUMBERS.match(column.data_type) and not NO_AMOUNT.search(column.column_name)
    ]
    assert len(amounts) > 90
    assert list(silent(relations)) == []


def test_a_column_that_says_nothing_is_seen() -> None:
    (latest,) = (each for each in dictionary._relations() if each.name == "kpi_latest")
    columns = [SimpleNamespace(**each._mapping) for each in latest.columns]
    (numerator,) = (each for each in columns if each.column_name == "numerator")
    numerator.column_comment = "What was counted."
    changed = Relation(latest.name, latest.kind, latest.is_for_all, latest.comment, columns)
    assert list(silent([changed])) == ["kpi_latest.numerator"]
