"""Texts: the values of a batch as the text columns of staging, and which came as another kind.

The contract says what kinds a column takes (``dean06.kinds``). A value of another kind is staged as
JSON writes it, and noted in the column ``_kinds`` of its row by the field's name in the source:
``DuocThanhToanTrucTuyen: number; TaiLieuNop[].DuocSoHoa: list``.
"""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import itemgetter

import pyarrow as pa
import pyarrow.compute as pc

from dean06.contract import Column, Dataset
from dean06.kinds import Staged, as_json
from dean06.load.staging import KINDS
from dean06.wire import json_object
from dean06.wire.records import Batch, Columns

BETWEEN = "; "

Table = dict[str, pa.Array]
"""Text columns by name; ``_kinds`` only where a value came as another kind than agreed."""


def of_batch(dataset: Dataset, batch: Batch) -> Table:
    """The records of a batch."""
    table: Table = {}
    wrong: dict[int, list[str]] = {}
    for column in dataset.staged:
        values = _values(batch, column.wire_name or "")
        table[column.name] = _texts(column, values, wrong)
    if wrong:
        noted = [wrong.get(place) for place in range(len(batch.records))]
        table[KINDS] = pa.array([BETWEEN.join(n) if n else None for n in noted], pa.string())
    return table


def of_columns(dataset: Dataset, batch: Columns) -> Table:
    """Records that were read in bulk; columns that none of them has are left out."""
    table: Table = {}
    noted: list[pa.Array] = []
    for column in dataset.staged:
        if column.wire_name in batch.table.column_names:
            array = batch.table.column(column.wire_name).combine_chunks()
            table[column.name] = _text_column(column, array, noted)
    if noted:
        table[KINDS] = _joined(noted)
    return table


def _joined(noted: Sequence[pa.Array]) -> pa.Array:
    """The notes of each row in one text; null where it has none."""
    has_note = reduce(pc.or_, (note.is_valid() for note in noted))
    # Only rows with a note: pyarrow 26.0.1 leaves out a row whose every text is null.
    some = [note.filter(has_note) for note in noted]
    joined = pc.binary_join_element_wise(*some, BETWEEN, null_handling="skip")
    return pc.replace_with_mask(pa.nulls(len(has_note), pa.string()), has_note, joined)


def restored(dataset: Dataset) -> Callable[[dict[str, object]], dict[str, object]]:
    """For corrected records, whose every value is the text it was staged as: flags, numbers and
    lists as their source sends them."""
    others = [c.wire_name or "" for c in dataset.staged if not c.accepts.takes_texts]

    def restore(record: dict[str, object]) -> dict[str, object]:
        for name in others:
            if isinstance(text := record.get(name), str):
                record[name] = _from_text(text)
        return record

    return restore


def _from_text(text: str) -> object:
    """The JSON value that a text holds; any other text stays a text."""
    try:
        return json_object.read_value(text.encode())
    except (*json_object.UNREADABLE, json_object.DuplicateNameError):
        return text


def _values(batch: Batch, name: str) -> list[object]:
    try:
        return list(map(itemgetter(name), batch.records))
    except KeyError:
        return [record.get(name) for record in batch.records]


def _texts(column: Column, values: Sequence[object], wrong: dict[int, list[str]]) -> pa.Array:
    kinds = set(map(type, values)) - {type(None)}
    accepts = column.accepts
    if not kinds or (kinds == {str} and accepts.takes_texts):
        return _but_nothing(column, pa.array(values, pa.string()))
    if kinds == {bool} and accepts.takes_flags:
        return pa.array(values, pa.bool_()).cast(pa.string())
    known: dict[str, Staged] = {}
    texts: list[str | None] = []
    for place, value in enumerate(values):
        written = as_json(value)
        if written not in known:
            known[written] = accepts.staged(value)
        found = known[written]
        texts.append(found.text)
        if found.wrong:
            wrong.setdefault(place, []).extend(f"{column.wire_name}{each}" for each in found.wrong)
    return pa.array(texts, pa.string())


def _text_column(column: Column, array: pa.Array, noted: list[pa.Array]) -> pa.Array:
    accepts = column.accepts
    as_it_is = (pa.types.is_string(array.type) and accepts.takes_texts) or (
        pa.types.is_boolean(array.type) and accepts.takes_flags
    )
    if as_it_is or pa.types.is_null(array.type):
        return _but_nothing(column, array.cast(pa.string()))
    unique = array.unique()
    found = [accepts.staged(value) for value in unique.to_pylist()]
    places = pc.index_in(array, unique)
    if any(each.wrong for each in found):
        notes = [f"{column.wire_name}{each.wrong[0]}" if each.wrong else None for each in found]
        noted.append(pa.array(notes, pa.string()).take(places))
    return pa.array([each.text for each in found], pa.string()).take(places)


def _but_nothing(column: Column, array: pa.Array) -> pa.Array:
    """Texts without those that say that there is no value."""
    if not column.accepts.nothing:
        return array
    says_nothing = pc.is_in(array, pa.array(sorted(column.accepts.nothing), pa.string()))
    return pc.if_else(says_nothing, None, array)
