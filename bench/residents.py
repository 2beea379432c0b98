"""Residents: first load against raw COPY and dlt, a day of 1 %, on two sizes, and memory."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench import landed, peers
from bench.place import Cost, Place
from bench.result import Result

STEPS = ("stage", "validate", "quarantine", "publish")
Load = dict[str, Cost]


def run(place: Place, *, with_dlt: bool) -> Iterator[Result]:
    """Measure everything about residents; bases are loaded once per repeat."""
    whole = landed.residents(place)
    part = landed.tenth(whole)
    day = landed.day_of_one_percent(place, whole, part)
    first: list[Load] = []
    small: list[Load] = []
    days: dict[str, list[Load]] = {"whole": [], "part": []}
    raw: list[float] = []
    by_dlt: list[float] = []
    for number in range(place.repeat):
        place.say(f"residents, round {number + 1} of {place.repeat}")
        with place.warehouse() as database:
            raw.append(_told(place, "raw COPY", peers.raw_copy(place, database, whole)))
        with place.warehouse() as database:
            first.append(_loaded(place, database, "first", landed.DAY, whole))
            if with_dlt:
                folder = peers.parquet(place, database, whole)
            days["whole"].append(_loaded(place, database, "day", landed.NEXT_DAY, day))
        if with_dlt:
            with place.warehouse() as database:
                by_dlt.append(_told(place, "dlt", peers.dlt(place, database, folder)))
        with place.warehouse() as database:
            small.append(_loaded(place, database, "first", landed.DAY, part))
            days["part"].append(_loaded(place, database, "day", landed.NEXT_DAY, day))
    rows = {"records": landed.count(whole), "day": landed.count(day), "part": landed.count(part)}
    yield from _results(first, small, days, raw, by_dlt, rows)


def _results(
    first: list[Load],
    small: list[Load],
    days: dict[str, list[Load]],
    raw: list[float],
    by_dlt: list[float],
    rows: dict[str, int],
) -> Iterator[Result]:
    loads = [_seconds(load) for load in first]
    spent = ", ".join(
        f"{step} {median(load[step].seconds for load in first):.1f} s" for step in STEPS
    )
    yield Result(
        "first load ÷ raw COPY of the same bytes", _ratio(loads, raw), "×", 8, 5,
        f"{rows['records']:,} records: {median(loads):.1f} s ({spent}) against {median(raw):.1f} s",
    )  # fmt: skip
    if by_dlt:
        yield Result(
            "dlt ÷ first load", _ratio(by_dlt, loads), "×", 3, 5,
            f"dlt {peers.DLT}: {median(by_dlt):.1f} s, with nothing validated", at_least=True,
        )  # fmt: skip
    on_whole = [_seconds(load) for load in days["whole"]]
    on_part = [_seconds(load) for load in days["part"]]
    yield Result(
        "a day of 1 % ÷ first load", 100 * _ratio(on_whole, loads), "%", 8, 4,
        f"{rows['day']:,} records: {median(on_whole):.1f} s",
    )  # fmt: skip
    yield Result(
        "the same day on ten times the base", _ratio(on_whole, on_part), "×", 1.3, 1.1,
        f"{rows['records']:,} records: {median(on_whole):.1f} s; "
        f"{rows['part']:,}: {median(on_part):.1f} s",
    )  # fmt: skip
    high, low = _peak(first), _peak(small)
    worst = max(high, key=lambda step: high[step])
    yield Result(
        "peak memory of a task", high[worst], "MB", 350, None,
        ", ".join(f"{step} {high[step]:.0f} MB" for step in STEPS),
    )  # fmt: skip
    growth = max(high[step] / low[step] for step in STEPS)
    yield Result(
        "its growth from a tenth of the records", growth, "×", 1.15, None,
        ", ".join(f"{step} {low[step]:.0f} → {high[step]:.0f} MB" for step in STEPS),
    )  # fmt: skip


def _loaded(place: Place, database: str, run_key: str, day: str, listed: Path) -> Load:
    place.step(database, "register", run_key, day, str(listed))
    place.settle()
    load = {step: place.step(database, step, run_key) for step in STEPS}
    _told(place, f"{run_key}, {landed.count(listed):,} records", _seconds(load))
    return load


def _told(place: Place, what: str, seconds: float) -> float:
    place.say(f"  {what}: {seconds:.1f} s")
    return seconds


def _seconds(load: Load) -> float:
    return sum(cost.seconds for cost in load.values())


def _ratio(above: list[float], below: list[float]) -> float:
    """Median of the rounds' own ratios: what disturbs one round disturbs both sides of it."""
    return median(a / b for a, b in zip(above, below, strict=True))


def _peak(loads: list[Load]) -> dict[str, float]:
    return {step: median(load[step].peak_megabytes for load in loads) for step in STEPS}
