"""Records of strangers whose meaning is lost: each must be flagged, and the world says by what.

They are true records under keys of their own, broken in one way each, and come in addition to the
true population. Nobody can say what they mean, so a reader that makes sense of one guesses.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Strange:
    """One way of losing what a record means: its class, the rule it breaks, how it comes about."""

    error_class: str
    rule: str
    key: str
    """Under which it is sent."""
    spoil: Callable[[bytes, str], bytes]
    """Makes it of the line of a true record and this key."""


def _object(change: Callable[[Json], None], place: str) -> Callable[[bytes, str], bytes]:
    """An object with another key and one change."""

    def spoil(line: bytes, key: str) -> bytes:
        record = json.loads(line)
        record[place] = key
        change(record)
        return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()

    return spoil


def _ending(place: str, ending: str) -> Callable[[bytes, str], bytes]:
    """An object with another key and more text before its closing bracket."""
    whole = _object(lambda _: None, place)
    return lambda line, key: whole(line, key)[:-1] + ending.encode() + b"}"


def _put(name: str, change: Callable[[Any], Any]) -> Callable[[Json], None]:
    def put(record: Json) -> None:
        record[name] = change(record[name])

    return put


def _fields(change: Callable[[list[str]], None], delimiter: str) -> Callable[[bytes, str], bytes]:
    """A record of CSV with another key and one change; true records need no quotation marks."""

    def spoil(line: bytes, key: str) -> bytes:
        fields = line.decode().split(delimiter)
        fields[0] = key
        change(fields)
        return delimiter.join(fields).encode()

    return spoil


def _without_offset(fields: list[str]) -> None:
    fields[-1] = fields[-1].removesuffix("+07:00")


def _quoted_in_part(fields: list[str]) -> None:
    fields[-1] = f'"{fields[-1]}"x'


def _twice_contained(resource: Json) -> None:
    resource["contained"] += [{**resource["contained"][0], "gender": "unknown"}]


def _text_for_flag(resource: Json) -> None:
    for extension in resource["extension"]:
        if "valueBoolean" in extension:
            extension["valueBoolean"] = str(extension["valueBoolean"]).lower()


def _text_for_number(resource: Json) -> None:
    resource["protocolApplied"] = [{"doseNumberPositiveInt": "1"}]


def _modified(resource: Json) -> None:
    resource["modifierExtension"] = [{"url": "https://example.org/phu-dinh", "valueBoolean": True}]


def _elsewhere(resource: Json) -> None:
    resource["subject"] = {"reference": "Patient/p"}


_PERSON, _DOSSIER = "08219099990", "000.00.18.H58-221030-9999990"
STRANGE: dict[str, tuple[Strange, ...]] = {
    "police.resident": (
        Strange("wrong_kind", "kinds_agreed", f"{_PERSON}1",
                _object(_put("hoTen", lambda name: [name]), "soDinhDanh")),
        Strange("no_offset", "updated_at_valid", f"{_PERSON}2",
                _object(_put("capNhatLuc", lambda at: at[:19]), "soDinhDanh")),
        Strange("duplicate_name", "readable", f"{_PERSON}3",
                _ending("soDinhDanh", ',"maXa":"28252x"')),
        Strange("half_a_sign", "readable", f"{_PERSON}4",
                _ending("soDinhDanh", ',"ghiChu":"\\ud83d"')),
    ),
    "insurance.participant": (
        Strange("text_after_quote", "readable", "9999999901", _fields(_quoted_in_part, ",")),
        Strange("no_offset", "updated_at_valid", "9999999902", _fields(_without_offset, ",")),
    ),
    "health.encounter": (
        Strange("no_subject", "readable", "nguoi-la-1", _object(_elsewhere, "id")),
        Strange("two_patients", "readable", "nguoi-la-2", _object(_twice_contained, "id")),
        Strange("unknown_modifier", "readable", "nguoi-la-3", _object(_modified, "id")),
        Strange("wrong_kind", "kinds_agreed", "nguoi-la-4", _object(_text_for_flag, "id")),
    ),
    "health.immunization": (
        Strange("wrong_kind", "kinds_agreed", "nguoi-la-5", _object(_text_for_number, "id")),
    ),
    "portal.dossier": (
        Strange("wrong_kind", "kinds_agreed", f"{_DOSSIER}1",
                _object(_put("NoiNopHoSo", int), "MaHoSo")),
        Strange("not_a_number", "readable", f"{_DOSSIER}2", _ending("MaHoSo", ',"diem":NaN')),
        Strange("duplicate_name", "readable", f"{_DOSSIER}3",
                _ending("MaHoSo", ',"TrangThaiHoSo":"x"')),
    ),
    "programme.task": (
        Strange("text_after_quote", "readable", "NV97", _fields(_quoted_in_part, ";")),
    ),
    "education.exam_registration": (
        Strange("cell_error", "readable", "53999901", lambda line, _: line),
    ),
}  # fmt: skip
"""By dataset. The rows of workbooks are spoiled where workbooks are written."""
