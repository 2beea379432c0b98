"""Code lists of the world, read from ``data/`` (provenance in ``data/README.md``)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Commune:
    """One commune of the province as of 2022."""

    code: str
    name: str
    district_code: str


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def communes(province_code: str) -> tuple[Commune, ...]:
    """The province's communes in order of code."""
    rows = _read(f"communes_{province_code}.csv")
    return tuple(
        Commune(r["commune_code"], r["commune_name"], r["district_code"])
        for r in sorted(rows, key=lambda r: r["commune_code"])
    )


@cache
def birth_codes() -> tuple[int, ...]:
    """The 63 three-digit prefixes of personal ids, as numbers."""
    return tuple(int(r["birth_code"]) for r in _read("birth_provinces.csv"))


@cache
def insurance_subjects() -> tuple[str, ...]:
    """Codes of the groups of insured persons."""
    return tuple(r["code"] for r in _read("insurance_subjects.csv"))


@cache
def days_off() -> tuple[str, ...]:
    """Weekdays on which offices rest, as ISO texts; 2022 to 2024."""
    return tuple(r["day"] for r in _read("holidays.csv") if r["is_working"] == "false")


@cache
def days_made_up() -> tuple[str, ...]:
    """Saturdays on which offices work, as ISO texts; 2022 to 2024."""
    return tuple(r["day"] for r in _read("holidays.csv") if r["is_working"] == "true")


@dataclass(frozen=True)
class Procedure:
    """An administrative procedure and the codes under which dossiers name it."""

    procedure_id: str
    procedure_set: str
    code: str
    alternative_code: str
    field_code: str


@cache
def procedures() -> tuple[Procedure, ...]:
    """The procedures the portal receives dossiers for."""
    return tuple(
        Procedure(
            r["procedure_id"],
            r["procedure_set"],
            r["code"],
            r["alternative_code"],
            r["field_code"],
        )
        for r in _read("procedures.csv")
    )


@dataclass(frozen=True)
class NameLists:
    """Surnames with their frequencies; middle and given names by sex."""

    surnames: dict[str, float]
    middles: dict[int, list[str]]
    givens: dict[int, list[str]]


@cache
def name_lists() -> NameLists:
    """The names persons are given."""
    with (DATA / "names.yaml").open(encoding="utf-8") as file:
        return NameLists(**yaml.safe_load(file))
