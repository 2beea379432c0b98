"""The example of a scaffolded source: made-up records of a week, as files of its kind.

One of them breaks a rule, so that the first load also shows what quarantine is.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from dean06.agencies.workbooks import new_workbook
from dean06.agencies.workbooks import put as put_cell
from dean06.contract import Dataset

LAST_DAY = date(2022, 10, 31)
"""The day of the published figures, which ``make run`` syncs first."""
NEXT_DAY = LAST_DAY + timedelta(days=1)
"""A sync of this day loads the whole example and nothing again of other sources."""
DAYS = 7
_A_DAY = 6
RECORDS = DAYS * _A_DAY
"""Of the whole example; the last one breaks a rule."""
_COMMUNES = ("28249", "28252", "28255")
_STATUSES = ("received", "in_progress", "done")


def files(dataset: Dataset, kind: str) -> dict[date, dict[str, bytes]]:
    """The example as files of that kind, by day and name."""
    found = {}
    for number in range(DAYS):
        day = LAST_DAY - timedelta(days=DAYS - 1 - number)
        records = [_record(day, number * _A_DAY + place) for place in range(_A_DAY)]
        if day == LAST_DAY:
            records[-1]["quantity"] = "1001"
        found[day] = _files(dataset, kind, records)
    return found


def _files(dataset: Dataset, kind: str, records: Sequence[Mapping[str, Any]]) -> dict[str, bytes]:
    write, suffix = _WRITERS[kind]
    name = dataset.wire_name
    if kind != "folder":
        return {f"{name}.{suffix}": write(dataset, records)}
    half = len(records) // 2
    return {
        f"{name}-{number}.{suffix}": write(dataset, part)
        for number, part in enumerate((records[:half], records[half:]), start=1)
    }


def _record(day: date, number: int) -> dict[str, Any]:
    return {
        "record_id": f"HS{number + 1:06d}",
        "personal_id": f"0821{90 + number % 10}{number + 1:06d}" if number % 4 else None,
        "commune_code": _COMMUNES[number % len(_COMMUNES)],
        "status_code": _STATUSES[number % len(_STATUSES)],
        "quantity": str(number),
        "amount": f"{number * 1000}.50" if number % 3 else None,
        "is_urgent": "true" if number % 5 == 0 else "false",
        "happened_on": day,
        "updated_at": f"08:{number:02d}:00",
    }


def _cell(name: str, record: Mapping[str, Any], *, day_first: bool) -> str | None:
    """A value as text; days and moments in the notation of the kind."""
    value = record[name]
    if name not in ("happened_on", "updated_at"):
        return None if value is None else str(value)
    day: date = record["happened_on"]
    written = f"{day:%d/%m/%Y}" if day_first else str(day)
    if name == "happened_on":
        return written
    return f"{written} {value}" if day_first else f"{written}T{value}+07:00"


def _rows(
    dataset: Dataset, records: Sequence[Mapping[str, Any]], *, day_first: bool = False
) -> list[dict[str, str | None]]:
    return [
        {
            str(column.wire_name): _cell(column.name, record, day_first=day_first)
            for column in dataset.staged
        }
        for record in records
    ]


def _csv(dataset: Dataset, records: Sequence[Mapping[str, Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, [str(c.wire_name) for c in dataset.staged], lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows(dataset, records))
    return text.getvalue().encode()


def _packed_csv(dataset: Dataset, records: Sequence[Mapping[str, Any]]) -> bytes:
    return gzip.compress(_csv(dataset, records), mtime=0)


def _objects(dataset: Dataset, records: Sequence[Mapping[str, Any]]) -> list[str]:
    """JSON objects; numbers and flags as JSON has them."""
    bare = {str(column.wire_name) for column in dataset.staged if not column.accepts.takes_texts}
    objects = []
    for row in _rows(dataset, records):
        members = (
            f"{json.dumps(name)}: "
            f"{value if name in bare and value is not None else json.dumps(value)}"
            for name, value in row.items()
        )
        objects.append("{" + ", ".join(members) + "}")
    return objects


def _ndjson(dataset: Dataset, records: Sequence[Mapping[str, Any]]) -> bytes:
    return "".join(f"{each}\n" for each in _objects(dataset, records)).encode()


def _json(dataset: Dataset, records: Sequence[Mapping[str, Any]]) -> bytes:
    return ('{"records": [\n' + ",\n".join(_objects(dataset, records)) + "\n]}\n").encode()


def _workbook(dataset: Dataset, records: Sequence[Mapping[str, Any]]) -> bytes:
    body = io.BytesIO()
    with new_workbook(body) as book:
        sheet = book.add_worksheet()
        put_cell(sheet, 0, 0, "DANH SÁCH (dữ liệu mẫu)")
        rows = _rows(dataset, records, day_first=True)
        for column, title in enumerate(rows[0]):
            put_cell(sheet, 2, column, title)
            for number, row in enumerate(rows, start=3):
                put_cell(sheet, number, column, row[title])
    return body.getvalue()


_WRITERS: dict[str, tuple[Callable[[Dataset, Sequence[Mapping[str, Any]]], bytes], str]] = {
    "csv": (_csv, "csv"),
    "folder": (_csv, "csv"),
    "ndjson": (_ndjson, "ndjson"),
    "json": (_json, "json"),
    "workbook": (_workbook, "xlsx"),
    "sftp": (_packed_csv, "csv.gz"),
}
