"""Files of provinces, for an installation that serves several: ``<key>.yaml`` in the folder that
``DEAN06_PROVINCES`` names says where one has its warehouse, files and keys.

A file that is wrong stops its own province only. Two that name one place or one code stop both:
nobody knows which of them is right, their data would mix, or readers would see both.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from dean06.details.detail import detail
from dean06.errors import Dean06Error

_KEYS = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_KEY = 24
"""So that the names of roles stay within PostgreSQL's 63 characters."""
_CODES = re.compile(r"[0-9]{2}")
STORES = {
    "DEAN06_LANDING": "landing",
    "DEAN06_AGENCY_LISTS": "agency_lists",
    "DEAN06_AUDIT_HEADS": "audit_heads",
    "DEAN06_SIGNED_PUBLICATIONS": "signed_publications",
    "DEAN06_OPEN_DATA": "open_data",
}
"""Places that may be URLs, and where they are below the home of a province."""
FILES = {
    "DEAN06_DROPS": "drops",
    "DEAN06_LINEAGE": "lineage.jsonl",
    "DEAN06_DATA_DOCS": "data_docs",
    "DEAN06_TOKEN_KEYS": "token_keys.json",
    "DEAN06_AUDIT_KEYFILE": "audit_key.pem",
    "DEAN06_PUBLICATION_KEYS": "publication_keys.json",
}
"""Places that are files or folders of this machine, and where they are below that home."""
_OF_WAREHOUSE = ("DEAN06_WAREHOUSE_DSN", "DEAN06_WAREHOUSE_DIRECT_DSN", "DEAN06_ROLE_PREFIX")
OWN = frozenset({*STORES, *FILES, *_OF_WAREHOUSE, "DEAN06_OIDC_PROVINCE"})
"""Settings that every province has for itself: they name a place, a key or a connection."""
MAY_DIFFER = frozenset(
    {
        "DEAN06_SCHEDULE_FROM", "DEAN06_TARGET_SCALE", "DEAN06_SMALLEST_SHOWN_COUNT",
        "DEAN06_ALERT_URLS", "DEAN06_REPORT_URLS", "DEAN06_SHARD_BYTES",
        "DEAN06_MAX_UNPACKED_BYTES", "DEAN06_RETRY_SECONDS", "DEAN06_KPI_SESSIONS",
        "DEAN06_OPEN_DATA_URL", "DEAN06_OPEN_DATA_PUBLISHER", "DEAN06_OPEN_DATA_LICENCE",
        "DEAN06_OPEN_DATA_CONTACT", "DEAN06_OPEN_DATA_UPDATE_CYCLE", "DEAN06_LEVEL",
        "DEAN06_COUNTRY_PROVINCES",
    }
)  # fmt: skip
"""Settings that a province may have for itself; where it does not, it has the installation's."""
_READ_AS: dict[str, Callable[[str], object]] = {
    "DEAN06_TARGET_SCALE": Decimal,
    "DEAN06_SMALLEST_SHOWN_COUNT": int,
    "DEAN06_SHARD_BYTES": int,
    "DEAN06_MAX_UNPACKED_BYTES": int,
    "DEAN06_RETRY_SECONDS": float,
    "DEAN06_KPI_SESSIONS": int,
    "DEAN06_SCHEDULE_FROM": date.fromisoformat,
}
"""How those are read that are no texts: one that cannot be read makes the file wrong."""


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file holds."""

    name: str
    """The province, as people call it."""
    code: str
    """Its code: 70."""
    warehouse: str
    """Its database as ``postgresql+psycopg2://user:password@host:port/database``."""
    home: str
    """Folder of its files and keys, unless ``settings`` names other places."""
    settings: dict[str, str] = {}
    """``DEAN06_…`` settings of its own."""


@dataclass(frozen=True)
class Province:
    """One province of the installation."""

    key: str
    name: str
    code: str
    values: dict[str, str]
    """Its settings: all of ``OWN``, some of ``MAY_DIFFER``."""


def folder() -> Path | None:
    """Folder with a file for each province (``DEAN06_PROVINCES``). Without it, the installation
    serves one province, whose settings are the variables here."""
    named = os.environ.get("DEAN06_PROVINCES")
    return Path(named) if named else None


def all_keys() -> list[str]:
    """Keys of the provinces that have a file, right or wrong. Raises Dean06Error when the folder
    holds none."""
    home = folder()
    if home is None:
        return []
    found = sorted(path.stem for path in home.glob("*.yaml"))
    if not found:
        raise Dean06Error(detail("no_province_file", folder=str(home)))
    return found


def has(key: str) -> bool:
    """Whether a province has a file, right or wrong."""
    return _is_key(key) and path_of(key).is_file()


def _is_key(key: str) -> bool:
    return len(key) <= _LONGEST_KEY and bool(_KEYS.fullmatch(key))


def read(key: str) -> Province:
    """A province. Raises Dean06Error when it has no file, for a file that is wrong, and for one
    that names the code or a place of another province."""
    if key not in all_keys():
        raise Dean06Error(detail("province_unknown", province=key, known=all_keys()))
    found = _parsed(path_of(key))
    for other in all_keys():
        if other != key:
            _require_apart(found, other)
    return found


def province_of(key: str, entry: Entry) -> Province:
    """The province that an entry describes. Raises Dean06Error naming the field that is wrong."""
    if not _is_key(key):
        raise Dean06Error(detail("province_key_invalid", longest=_LONGEST_KEY))
    home = Path(entry.home)
    wrong = {
        "name": not entry.name.strip(),
        "code": not _CODES.fullmatch(entry.code),
        "warehouse": not _database(entry.warehouse)[2].strip("/"),
        "home": not home.is_absolute(),
        "settings": not entry.settings.keys() <= OWN | MAY_DIFFER,
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise Dean06Error(detail("province_field_invalid", province=key, field=field))
    for name, read_as in _READ_AS.items():
        text = entry.settings.get(name)
        try:
            if text:
                read_as(text)
        except (ValueError, ArithmeticError):
            raise Dean06Error(detail("province_field_invalid", province=key, field=name)) from None
    values = {
        **{name: (home / path).as_uri() for name, path in STORES.items()},
        **{name: str(home / path) for name, path in FILES.items()},
        "DEAN06_WAREHOUSE_DSN": entry.warehouse,
        "DEAN06_WAREHOUSE_DIRECT_DSN": "",
        "DEAN06_ROLE_PREFIX": f"dean06_{key}",
        "DEAN06_OIDC_PROVINCE": entry.code,
        **entry.settings,
    }
    return Province(key, entry.name, entry.code, values)


def require_new(province: Province) -> None:
    """Refuse a province that is there already, or that names the code or a place of another."""
    home = folder()
    if home is None:
        raise Dean06Error(detail("no_province_folder"))
    if path_of(province.key).exists():
        raise Dean06Error(detail("file_exists", file=str(path_of(province.key))))
    for path in sorted(home.glob("*.yaml")):
        _require_apart(province, path.stem)


def text_of(entry: Entry) -> str:
    """An entry as its file has it."""
    return msgspec.yaml.encode(entry).decode()


def path_of(key: str) -> Path:
    """The file of a province."""
    return (folder() or Path()) / f"{key}.yaml"


def _parsed(path: Path) -> Province:
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        kind = type(error).__name__
        raise Dean06Error(detail("province_file_invalid", file=str(path), kind=kind)) from None
    return _parsed_at(path, changed)


@lru_cache(maxsize=256)
def _parsed_at(path: Path, _: int) -> Province:
    """What the file said when it was last changed."""
    try:
        entry = msgspec.yaml.decode(path.read_bytes(), type=Entry)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        # What the parser says may quote the file, which holds a password.
        kind = type(error).__name__
        raise Dean06Error(detail("province_file_invalid", file=str(path), kind=kind)) from None
    return province_of(path.stem, entry)


def _require_apart(province: Province, other: str) -> None:
    """Refuse a province that has its code or a place in common with another one. One whose file is
    wrong has none: nobody can act for it."""
    try:
        theirs = _parsed(path_of(other))
    except Dean06Error:
        return
    for code in _codes(province) & _codes(theirs):
        raise Dean06Error(
            detail("provinces_one_code", province=province.key, other=other, code=code)
        )
    for name, shared in chain(_shared_names(province, theirs), _shared_places(province, theirs)):
        if shared:
            raise Dean06Error(
                detail("provinces_share", province=province.key, other=other, setting=name)
            )


def _codes(province: Province) -> set[str]:
    """What readers' claims name the province by."""
    return {province.code, province.values["DEAN06_OIDC_PROVINCE"]}


def _shared_names(one: Province, other: Province) -> list[tuple[str, bool]]:
    mine, theirs = one.values, other.values
    prefixes = [each["DEAN06_ROLE_PREFIX"] for each in (mine, theirs)]
    return [
        ("DEAN06_WAREHOUSE_DSN", bool(_databases(mine) & _databases(theirs))),
        ("DEAN06_ROLE_PREFIX", prefixes[0] == prefixes[1]),
    ]


def _databases(values: Mapping[str, str]) -> set[tuple[str, int, str]]:
    """The databases that a province works in, directly or by way of a pool."""
    named = (values["DEAN06_WAREHOUSE_DSN"], values["DEAN06_WAREHOUSE_DIRECT_DSN"])
    return {_database(dsn) for dsn in named if dsn}


def _shared_places(one: Province, other: Province) -> list[tuple[str, bool]]:
    """A place is shared with what lies in it, and with what it lies in."""
    names = (*STORES, *FILES)
    theirs = [_place(other.values[name]) for name in names]
    return [
        (name, any(place.startswith(each) or each.startswith(place) for each in theirs))
        for name in names
        if (place := _place(one.values[name]))
    ]


def _place(value: str) -> str:
    """A folder, file or URL, as text that ends in a slash: ``/a/b/`` lies in ``/a/``."""
    plain = value.removeprefix("file://")
    return f"{os.path.normpath(plain) if plain.startswith('/') else plain.rstrip('/')}/"


def _database(dsn: str) -> tuple[str, int, str]:
    """Host, port and database; an empty database for what is no address of one."""
    try:
        place = urlsplit(dsn)
        port = place.port or 5432
    except ValueError:
        return "", 0, ""
    is_ours = place.scheme == "postgresql+psycopg2"
    return place.hostname or "", port, place.path if is_ours else ""
