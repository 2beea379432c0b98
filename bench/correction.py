"""A correction of one record that counts on many published days: what it costs to publish it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import landed
from bench.landed import DAY
from bench.place import Place
from bench.residents import STEPS
from bench.result import Result

DAYS = 300
"""Published days."""
_RUN = "correction"
_EARLIER_DAYS = """
    insert into ops.load (
        source_code, dataset_code, run_key, attempt, day, window_until, contract_version, status,
        declared_count, received_count, inserted_count, updated_count, unchanged_count,
        deleted_count, superseded_count, quarantined_count, published_at
    )
    select
        load.source_code, load.dataset_code, 'earlier__' || earlier, 1, load.day - earlier,
        load.window_until - make_interval(days => earlier), load.contract_version, 'published',
        0, 0, 0, 0, 0, 0, 0, 0, load.published_at
    from (select * from ops.load where status = 'published' order by day, load_id limit 1) as load
    cross join generate_series(1, {days}) as earlier
"""
"""Loads that brought nothing: every source has reached these days, so each is published."""
_PUBLISHED = """
    select count(*), count(distinct as_of_date), min(as_of_date)::text from mart.kpi_publication
"""
_LANDED = """
    select landed_path from ops.landing_file join ops.load using (load_id)
    where source_code = 'police' and dataset_code = 'resident' order by load_id, piece_no limit 1
"""


def run(place: Place, database: str, days: int = DAYS) -> Iterator[Result]:
    """Publish further days of a warehouse with KPIs, then correct a record that counts on all.

    The record is a resident's: another commune, effective before the first of the days.
    """
    [(_, known, _)] = place.rows(database, _PUBLISHED)
    place.say(f"correction: {days} days of publications")
    place.change(database, _EARLIER_DAYS.format(days=days - int(str(known))))
    each = place.step(database, "build").seconds / max(1, days - int(str(known)))
    [(before, published, first)] = place.rows(database, _PUBLISHED)
    _deliver(place, database, _correction(place, database, str(first)))
    place.step(database, "verify")
    place.settle()
    used = place.server_seconds()
    built = place.step(database, "build").seconds
    used = place.server_seconds() - used
    [(after, _, _)] = place.rows(database, _PUBLISHED)
    restated = int(str(after)) - int(str(before))
    place.say(f"  {restated} days restated in {built:.1f} s")
    yield Result(
        "correction of a record that counts on many published days", built, "s", 5, None,
        f"{restated} of {published} published days restated, {1000 * built / max(1, restated):.0f} "
        f"ms each, {used:.1f} processor seconds of PostgreSQL; the first build of a day among many "
        f"takes {1000 * each:.0f} ms",
    )  # fmt: skip


def _deliver(place: Place, database: str, listed: Path) -> None:
    place.step(database, "register", _RUN, DAY, str(listed))
    for step, of in STEPS.items():
        place.step(database, step, _RUN, *of)


def _correction(place: Place, database: str, since: str) -> Path:
    """A delivery of one landed resident who lives in another commune since a day."""
    [(path,)] = place.rows(database, _LANDED)
    one, other = _two(Path(str(path).removeprefix("file://")))
    record = {
        **one, "maXa": other["maXa"], "ngayHieuLuc": since, "daXoa": False,
        "capNhatLuc": f"{DAY}T23:30:00+07:00",
    }  # fmt: skip
    listed = place.cache / "correction.json"
    listed.write_text(json.dumps([landed.page_of(place, [record])]))
    return listed


def _two(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """A resident whose record is in order, and one of another commune of the same province."""
    one: dict[str, Any] | None = None
    with gzip.open(path, "rb") as lines:
        for record in landed.in_order(lines):
            if one is None:
                one = record
            elif record["maXa"] != one["maXa"]:
                return one, record
    raise RuntimeError(f"{path.name}: all residents live in one commune")
