"""Provinces: their signed publications, for a national installation. Copies of the folders that
provinces sign (``DEAN06_SIGNED_PUBLICATIONS``).

The extra of the connection names for each province the folder, the public key, which came another
way than the files, and the codes of its units::

    {"provinces": {"tien_giang": {"folder": "/srv/provinces/tien_giang", "codes": ["82"],
                                  "public_key": "-----BEGIN PUBLIC KEY-----…"}}}

One province that is refused stops the load: what was loaded before stays, and nothing of the
province comes in. Without its entry the others go on, and what needs it is missing.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import msgspec

from dean06.contract import Dataset
from dean06.declaration import Declaration
from dean06.details.detail import detail
from dean06.errors import ContractError
from dean06.sources import Call, Piece
from dean06.wire import publications
from dean06.wire.bounds import Bounds
from dean06.wire.publications import Remembered
from dean06.wire.records import Batch

_COLUMNS = (
    "publication", "place", "as_of_date", "published_at", "smallest_shown", "definition",
    "kpi_code", "kpi_version", "unit_code", "breakdown", "member_code", "numerator", "denominator",
    "value", "missing_reason", "is_rounded", "counted_on",
)  # fmt: skip


class _Province(Declaration, frozen=True):
    """Where a province's publications are, and what they may be."""

    folder: str
    public_key: str
    codes: list[str]


class _Extra(Declaration, frozen=True):
    provinces: dict[str, _Province]


def extract(call: Call) -> Iterator[Piece]:
    """Yield each publication that is new since the last load. Raises ContractError."""
    bounds = Bounds(call.terms)
    heads = _heads(call)
    for name, province in sorted(_provinces(call.endpoint.extra).items()):
        for found in publications.new_ones(
            name, Path(province.folder), province.public_key, province.codes, heads.get(name),
            bounds,
        ):  # fmt: skip
            bounds.take_bytes(len(found.body))
            yield Piece(
                name=f"{name}/{found.number:06}",
                suffix="csv",
                body=BytesIO(found.body),
                declared=found.rows,
                resume_token=str(found.head),
            )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """The province's values of one publication."""
    del dataset
    province = piece_name.partition("/")[0]
    batch = Batch()
    for line, row in publications.own_rows(stream.read()):
        told = {name: row[name] or None for name in _COLUMNS}
        cell = "/".join(row[name] for name in ("kpi_code", "unit_code", "breakdown", "member_code"))
        batch.add(line, {"province": province, "cell": cell, **told})
        if batch.full:
            yield batch
            batch = Batch()
    if len(batch):
        yield batch


def _heads(call: Call) -> dict[str, Remembered]:
    """The last head of each province that was loaded, or landed by an earlier attempt."""
    return {
        piece.name.partition("/")[0]: Remembered.of(piece.resume_token or "")
        for piece in (*call.earlier, *call.landed)
    }


def _provinces(extra: Any) -> dict[str, _Province]:
    """What the extra says. Raises ContractError naming what is wrong, and a code of two."""
    try:
        told = msgspec.convert({"provinces": extra.get("provinces")}, _Extra)
    except msgspec.ValidationError:
        raise ContractError(detail("provinces_not_named")) from None
    owners: dict[str, str] = {}
    for name, province in sorted(told.provinces.items()):
        for code in province.codes:
            if other := owners.get(code):
                raise ContractError(detail("code_of_two", code=code, one=other, other=name))
            owners[code] = name
    return told.provinces
