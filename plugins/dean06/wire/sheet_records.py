"""Records of a workbook that holds one list: what ``sheet_table`` finds, in batches."""

from collections.abc import Callable, Iterator, Mapping
from typing import IO

from dean06.details.detail import detail
from dean06.errors import ContractError, at
from dean06.wire import sheet_table, workbook
from dean06.wire.records import Batch, text_problem
from dean06.wire.sheet_table import Layout, Row
from dean06.wire.workbook import BadCell

_Titles = Callable[[str], Mapping[str, object]]


def read(
    stream: IO[bytes], file_name: str, layout: Layout, titles: _Titles | None = None
) -> Iterator[Batch]:
    """The records of the list in a workbook.

    ``titles`` reads the text above the list; what it returns stands in every record. A record
    without its key, with an error in a cell or with a formula that was not computed becomes a
    Problem. Raises ContractError naming the file when the workbook cannot be read, holds no list or
    two, or names a column twice.
    """
    try:
        yield from _batches(stream, layout, titles)
    except ContractError as error:
        raise ContractError(at(detail("file", file=file_name), error)) from None


def _batches(stream: IO[bytes], layout: Layout, titles: _Titles | None) -> Iterator[Batch]:
    table = sheet_table.find(workbook.read(stream), layout)
    common = titles(table.above) if titles else {}
    batch = Batch()
    for row in table.records():
        record = {title: row.cells.get(title) for title in table.columns | row.cells.keys()}
        if problem := text_problem(record) or _problem(row, layout):
            batch.reject(row.number, problem, repr(record))
        else:
            batch.add(row.number, {**record, **common})
        if batch.full:
            yield batch
            batch = Batch()
    yield batch


def _problem(row: Row, layout: Layout) -> str | None:
    """Why a row cannot be a record; errors in columns that nobody agreed on do not matter."""
    for title in layout.known:
        if isinstance(cell := row.cells.get(title), BadCell):
            return cell.problem
    return None if layout.key in row.cells else "bad_workbook_row"
