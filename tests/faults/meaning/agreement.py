"""What is agreed about each dataset, as its contract says it; read with a YAML library alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_CONTRACTS = Path(__file__).resolve().parents[3] / "include" / "contracts"
_DAYS, _MOMENTS = "YYYY-MM-DD", "RFC 3339"
_LOCAL_DAYS, _LOCAL_MOMENTS = "DD/MM/YYYY", "DD/MM/YYYY HH:MM:SS"


@dataclass(frozen=True)
class Agreed:
    """A column, or a member of the objects in a list."""

    name: str
    wire: str | None
    logical: str
    physical: str
    is_required: bool
    is_key: bool
    kinds: Sequence[str] | None
    """As which JSON kinds it may come; None: as its logical type says."""
    spellings: Mapping[str, Sequence[Any]] | None
    """For each text, which values stand for it."""
    members: Mapping[str, "Agreed"] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A dataset: its columns, and how its source writes days and moments."""

    source: str
    name: str
    wire: str
    version: str
    columns: Mapping[str, Agreed]

    @property
    def key(self) -> list[str]:
        """The columns that name a record."""
        return [column.name for column in self.columns.values() if column.is_key]

    @property
    def sent(self) -> list[Agreed]:
        """The columns that come on the wire."""
        return [column for column in self.columns.values() if column.wire is not None]

    def notations(self, column: str) -> Sequence[str]:
        """How the descriptions of the contract say that a day or a moment is written."""
        if column == "birth_date":
            return _BIRTHS[self.source]
        if column == "occurred_on":
            return (_DAYS, _MOMENTS)
        if self.columns[column].logical == "timestamp":
            return (_LOCAL_MOMENTS if self.source in ("portal", "programme") else _MOMENTS,)
        is_local = self.source in ("education", "portal", "programme")
        return (_LOCAL_DAYS if is_local else _DAYS,)


_BIRTHS: dict[str, Sequence[str]] = {
    "police": (_DAYS, "YYYY"),
    "health": (_DAYS, "YYYY"),
    "insurance": (_LOCAL_DAYS, "YYYY", "00/00/YYYY"),
    "education": (_LOCAL_DAYS,),
}


@cache
def datasets() -> dict[str, Dataset]:
    """Every dataset by ``source.name``."""
    found = {}
    for path in sorted(_CONTRACTS.glob("*.yaml")):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        for item in contract["schema"]:
            dataset = Dataset(
                source=contract["name"],
                name=item["name"],
                wire=item["physicalName"],
                version=str(_custom(item)["version"]),
                columns={p["name"]: _agreed(p) for p in item["properties"]},
            )
            found[f"{dataset.source}.{dataset.name}"] = dataset
    return found


def _custom(item: Mapping[str, Any]) -> dict[str, Any]:
    return {entry["property"]: entry["value"] for entry in item.get("customProperties", [])}


def _agreed(item: Mapping[str, Any]) -> Agreed:
    accepts = _custom(item).get("accepts")
    members = item.get("items", {}).get("properties", [])
    return Agreed(
        name=item["name"],
        wire=item.get("physicalName"),
        logical=item["logicalType"],
        physical=item.get("physicalType", ""),
        is_required=bool(item.get("required")),
        is_key=bool(item.get("primaryKey")),
        kinds=accepts if isinstance(accepts, list) else None,
        spellings=accepts if isinstance(accepts, dict) else None,
        members={member["name"]: _agreed(member) for member in members},
    )
