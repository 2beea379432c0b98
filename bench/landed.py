"""What lands: the residents of a simulated province, a tenth of them, and a day that changes 1 %.

The province is extracted once per scale from the simulated police and kept in the cache. A day of
the simulated world changes far fewer residents than 1 %, so the day is made from the landed
records: fixed keys get a later version with changed content, one in fifty of them is withdrawn, and
one record in a hundred is of a resident who was not known before.
"""

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bench.ministries import BEFORE, served
from bench.place import Place

DAY, NEXT_DAY = "2022-10-31", "2022-11-01"
SCENARIO = "tien_giang_2022"
TENTH, PAGE = 10, 5000

_COLUMNS = (
    "piece_no", "piece_name", "path", "sha256", "byte_count", "declared_count", "resume_token",
)  # fmt: skip
_LANDED = """
    select piece_no, piece_name, landed_path, sha256, byte_count, declared_count, null
    from ops.landing_file order by piece_no
"""
Files = list[dict[str, Any]]


def residents(place: Place) -> Path:
    """The list of landed files of all residents (and versions) up to the first day."""
    listed = place.cache / f"residents-{place.scale:g}.json"
    if not listed.exists():
        place.say(f"extracting residents at scale {place.scale:g} (kept in {place.cache.name}/)")
        with (
            served(SCENARIO, place.scale) as (_, addresses, secrets),
            place.warehouse() as database,
        ):
            client = secrets["police"]
            login = (client["client_id"], client["client_secret"])
            place.step(database, "extract", "bench", DAY, addresses["police"], *login)
            files = [dict(zip(_COLUMNS, row, strict=True)) for row in place.rows(database, _LANDED)]
        listed.write_text(json.dumps(files))
    return listed


def tenth(whole: Path) -> Path:
    """The list of every tenth of these files, with as many bad records, for its size, as the whole.

    Pages follow the moment of change: the oldest tenth has no record that quarantine would keep.
    """
    listed = whole.with_name(f"{whole.stem}-every-tenth.json")
    listed.write_text(json.dumps(_read(whole)[::TENTH]))
    return listed


def day_of_one_percent(place: Place, whole: Path, part: Path) -> Path:
    """A day's delivery of 1 % of the whole's records, all of keys that the part holds too."""
    listed = part.with_name(f"{part.stem}-day.json")
    if listed.exists():
        return listed
    wanted = max(1, count(whole) // 100)
    newest = {record["soDinhDanh"]: record for record in in_order(lines(part))}
    step = max(1, len(newest) // wanted)
    chosen = sorted(newest)[::step][:wanted]
    changed = [_changed(newest[key], number) for number, key in enumerate(chosen)]
    pages = [changed[start : start + PAGE] for start in range(0, len(changed), PAGE)]
    listed.write_text(json.dumps([page_of(place, page) for page in pages]))
    return listed


def count(listed: Path) -> int:
    """The records in listed files."""
    return sum(file["declared_count"] for file in _read(listed))


def paths(listed: Path) -> list[str]:
    """Where the listed files are."""
    return [file["path"].removeprefix("file://") for file in _read(listed)]


def lines(listed: Path) -> Iterator[bytes]:
    """The lines of listed files."""
    for path in paths(listed):
        with gzip.open(path, "rb") as stream:
            yield from stream


def _read(listed: Path) -> Files:
    files: Files = json.loads(listed.read_text())
    return files


def in_order(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Records that can be read and have what every record must have."""
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            continue
        if len(record.get("soDinhDanh") or "") == 12 and record.get("capNhatLuc", "") <= BEFORE:
            yield record


def _changed(record: dict[str, Any], number: int) -> dict[str, Any]:
    at = f"{NEXT_DAY}T{8 + number % 9:02d}:{number % 60:02d}:{number // 60 % 60:02d}+07:00"
    later = {**record, "ngayHieuLuc": NEXT_DAY, "capNhatLuc": at, "daXoa": number % 50 == 7}
    if number % 100 == 3:
        later["soDinhDanh"] = f"{record['soDinhDanh'][:6]}9{record['soDinhDanh'][7:]}"
    return later


def page_of(place: Place, page: list[dict[str, Any]]) -> dict[str, Any]:
    """A landed file of these records, as it is listed."""
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in page)
    return _file(place, gzip.compress(text.encode(), mtime=0), len(page), "page")


def _file(place: Place, body: bytes, declared: int, name: str) -> dict[str, Any]:
    sha256 = hashlib.sha256(body).hexdigest()
    path = place.landing / "police" / "resident" / sha256[:2] / f"{sha256}.ndjson.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return {
        "piece_no": 0, "piece_name": name, "path": path.as_uri(), "sha256": sha256,
        "byte_count": len(body), "declared_count": declared, "resume_token": None,
    }  # fmt: skip
