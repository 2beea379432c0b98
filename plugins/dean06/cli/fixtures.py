"""The fixture of a source that ``new-source`` wrote: made again when a contract has other columns.

It shows ``parse()`` a record as the source sends it. What a value may say is the suite's matter, so
every value is the shortest one of its kind.
"""

import json
from typing import Any

from dean06.contract import Column, Dataset
from dean06.kinds import as_json

_NOTE = "What the source sends, and what parse() makes of it."
_SHORTEST = ('"1"', "1", "true", "[]", "{}")
"""A value of each kind, as JSON writes it."""


def renewed(dataset: Dataset, written: str) -> str | None:
    """The fixture in the columns of the contract; None where it has no others."""
    fixture = json.loads(written)
    shown = {name for record in fixture["expect"]["records"] for name in record} - {"line"}
    if shown <= {column.name for column in dataset.staged}:
        return None
    given, line = _given(dataset, fixture["given"])
    record = {"line": line} | {column.name: _staged(column) for column in dataset.staged}
    made = {"note": _NOTE, "given": given, "expect": {"records": [record], "problems": []}}
    return json.dumps(made, ensure_ascii=False, indent=2) + "\n"


def _given(dataset: Dataset, was: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """What the source sends, in the format that it was in, and the line of the record in it; of
    one in a JSON document, its number."""
    titles = [str(column.wire_name) for column in dataset.staged]
    if "rows" in was:
        return {"rows": [titles, [json.loads(_value(c)) for c in dataset.staged]]}, 2
    first = was["lines"][0]
    if not first.startswith("{"):
        return {"lines": [",".join(titles), ",".join("1" for _ in titles)]}, 2
    pairs = zip(titles, map(_value, dataset.staged), strict=True)
    record = "{" + ", ".join(f"{as_json(name)}: {value}" for name, value in pairs) + "}"
    if first.startswith('{"records"'):
        return {"lines": ['{"records": [', record, "]}"]}, 1
    return {"lines": [record]}, 1


def _value(column: Column) -> str:
    """The shortest value that the column may come as, as JSON writes it."""
    listed = [*column.accepts.spellings, *_SHORTEST]
    return next(value for value in listed if not column.accepts.staged(json.loads(value)).wrong)


def _staged(column: Column) -> str | None:
    return column.accepts.staged(json.loads(_value(column))).text
