"""Residents: first load against raw COPY and peers, a day of 1 %, on two sizes, and memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import landed, peers
from bench.place import Cost, Place
from bench.result import Result

_RESIDENT = ("police", "resident")
STEPS = {
    "stage": _RESIDENT, "validate": _RESIDENT, "quarantine": _RESIDENT, "publish": ("police",),
}  # fmt: skip
"""The steps of a load, each with its arguments after the run."""
Load = dict[str, Cost]
PEERS = (
    ("dlt", peers.DLT, ()),
    ("ADBC and on conflict", peers.ADBC, ()),
    ("pandas to_sql by COPY", peers.PANDAS, ("copy",)),
)
"""What each is called in the table, and the arguments of its program."""


@dataclass
class Rounds:
    """What each round measured, in the order of rounds."""

    first: list[Load] = field(default_factory=list)
    small: list[Load] = field(default_factory=list)
    """Of every tenth landed file."""
    day_on_whole: list[Load] = field(default_factory=list)
    day_on_part: list[Load] = field(default_factory=list)
    raw: list[float] = field(default_factory=list)
    peers: dict[str, list[float]] = field(default_factory=dict)
    """By what the peer did."""
    row_by_row: list[float] = field(default_factory=list)
    """pandas' ``method="multi"`` with the first tenth, in one round only: it takes minutes."""


def run(place: Place, *, with_peers: bool) -> Iterator[Result]:
    """Measure everything about residents; bases are loaded once per repeat."""
    whole = landed.residents(place)
    part = landed.tenth(whole)
    day = landed.day_of_one_percent(place, whole, part)
    rounds = Rounds()
    for number in range(place.repeat):
        place.say(f"residents, round {number + 1} of {place.repeat}")
        with place.warehouse() as database:
            rounds.raw.append(_told(place, "raw COPY", peers.raw_copy(place, database, whole)))
        with place.warehouse() as database:
            rounds.first.append(_loaded(place, database, "first", landed.DAY, whole))
            if with_peers:
                folder = peers.parquet(place, database, whole)
            _verified_once(place, database)
            rounds.day_on_whole.append(_loaded(place, database, "day", landed.NEXT_DAY, day))
        if with_peers:
            _load_by_peers(place, folder, rounds, is_first=number == 0)
        with place.warehouse() as database:
            rounds.small.append(_loaded(place, database, "first", landed.DAY, part))
            _verified_once(place, database)
            rounds.day_on_part.append(_loaded(place, database, "day", landed.NEXT_DAY, day))
    rows = {"records": landed.count(whole), "day": landed.count(day), "part": landed.count(part)}
    yield from _results(rounds, rows)
    yield from _results_of_peers(rounds)


def _load_by_peers(place: Place, folder: Path, rounds: Rounds, *, is_first: bool) -> None:
    for what, peer, words in PEERS:
        with place.warehouse() as database:
            seconds = peer.load(place, database, folder, *words)
            rounds.peers.setdefault(what, []).append(_told(place, what, seconds))
    if is_first:
        with place.warehouse() as database:
            seconds = peers.PANDAS.load(place, database, peers.tenth(folder), "multi")
            rounds.row_by_row.append(_told(place, "pandas, rows in INSERT, a tenth", seconds))


def _results(rounds: Rounds, rows: dict[str, int]) -> Iterator[Result]:
    first, raw, small = rounds.first, rounds.raw, rounds.small
    loads = [_seconds(load) for load in first]
    spent = ", ".join(
        f"{step} {median(load[step].seconds for load in first):.1f} s" for step in STEPS
    )
    yield Result(
        "first load ÷ raw COPY of the same bytes", _ratio(loads, raw), "×", 6.5, 4.5,
        f"{rows['records']:,} records: {median(loads):.1f} s ({spent}) against {median(raw):.1f} s",
    )  # fmt: skip
    on_whole = [_seconds(load) for load in rounds.day_on_whole]
    on_part = [_seconds(load) for load in rounds.day_on_part]
    yield Result(
        "load of a day that changes 1 % ÷ first load", 100 * _ratio(on_whole, loads), "%", 10, 6,
        f"{rows['day']:,} records: {median(on_whole):.1f} s",
    )  # fmt: skip
    yield Result(
        "the same day on ten times as many stored records",
        _ratio(on_whole, on_part), "×", 1.15, 1.1,
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
        "peak memory with all records ÷ with a tenth of them", growth, "×", 1.15, None,
        ", ".join(f"{step} {low[step]:.0f} → {high[step]:.0f} MB" for step in STEPS),
    )  # fmt: skip


def _results_of_peers(rounds: Rounds) -> Iterator[Result]:
    loads = [_seconds(load) for load in rounds.first]
    for what, by_peer in rounds.peers.items():
        must, goal = (2.8, 4) if what == "dlt" else (None, None)
        yield Result(
            f"{what} ÷ first load", _ratio(by_peer, loads), "×", must, goal,
            f"{median(by_peer):.1f} s, without validation", at_least=True,
        )  # fmt: skip
    if rounds.row_by_row:
        seconds, load = rounds.row_by_row[0], _seconds(rounds.small[0])
        yield Result(
            'pandas to_sql(method="multi") ÷ first load, with a tenth of the records',
            seconds / load, "×", None, None,
            f"{seconds:.1f} s against {load:.1f} s, one round", at_least=True,
        )  # fmt: skip


def _verified_once(place: Place, database: str) -> None:
    """What the first verification makes, and every later load keeps up."""
    place.change(database, "select core.index_births('police__resident', 'born_on')")


def _loaded(place: Place, database: str, run_key: str, day: str, listed: Path) -> Load:
    place.step(database, "register", run_key, day, str(listed))
    place.settle()
    load = {step: place.step(database, step, run_key, *of) for step, of in STEPS.items()}
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
