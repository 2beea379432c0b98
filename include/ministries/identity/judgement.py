"""The verdicts on all current records of persons, as known by the end of a day."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ..kernel.clock import NEVER
from ..kernel.draws import Bools, Ints
from ..world.registers import Registers
from .classes import of_records, of_residents
from .records import DATASETS, Current
from .registry import Registry
from .shown_values import id_numbers, id_owners
from .verdicts import (
    AGREEING,
    DECEASED,
    NO_VERDICT,
    VERDICTS,
    has_whole_id,
    verdicts,
)

Codes = npt.NDArray[np.int8]
Row = dict[str, str | int]

_RESIDENT = "police.resident"
_UNCLEAN_NAMES = ("E01", "E10")
"""Combining marks and odd spaces are flagged by a rule on names."""


@dataclass(frozen=True)
class Judged:
    """The verdicts on a dataset's records by number."""

    now: Codes
    """As known now: an index into ``VERDICTS``, -1 for none."""
    in_life: Codes
    """The same as if nobody had died."""
    deceased_from: npt.NDArray[np.int32]
    """The day from which a record is one of a deceased, ``NEVER`` for others."""
    seen: Counter[tuple[str, int]]
    """How many records show which class and got which verdict."""


@dataclass(frozen=True)
class Judgement:
    """Verdicts by record number; one byte a record stays in memory."""

    world: Registers
    known_by: int

    @cached_property
    def registry(self) -> Registry:
        """The residence register."""
        return Registry.of(self.world, self.known_by)

    def of(self, dataset: str) -> Codes:
        """The verdict on each record of a dataset, an index into ``VERDICTS`` or -1 for none."""
        return self._judged(dataset).now

    def on(self, dataset: str, day: int) -> Codes:
        """The verdict on each record as of a day: the days before a death are as they were."""
        judged = self._judged(dataset)
        return np.where(judged.deceased_from <= day, np.int8(DECEASED), judged.in_life)

    def verdicts(self) -> list[Row]:
        """Records by dataset and verdict."""
        rows: list[Row] = []
        for dataset in DATASETS:
            codes = self.of(dataset)
            count = np.bincount(codes[codes >= 0], minlength=len(VERDICTS))
            rows += [
                {"dataset": dataset, "verdict": verdict, "records": records}
                for verdict, records in zip(VERDICTS, count.tolist(), strict=True)
                if records
            ]
        return rows

    def dirty(self) -> list[Row]:
        """Loaded records that are untidy, by dataset, class and end state."""
        found: Counter[tuple[str, str, str]] = Counter()
        for name, shows in of_residents(self.world, self.registry):
            state = "flagged:full_name_clean" if name in _UNCLEAN_NAMES else "loaded"
            found[_RESIDENT, name, state] = int(np.count_nonzero(shows))
        for dataset in DATASETS:
            for (name, verdict), records in self._judged(dataset).seen.items():
                found[dataset, name, f"verdict:{VERDICTS[verdict]}"] = records
        return [
            {"dataset": dataset, "class": name, "end_state": state, "records": records}
            for (dataset, name, state), records in sorted(found.items())
            if records
        ]

    @cached_property
    def _results(self) -> dict[str, Judged]:
        return {}

    def _judged(self, dataset: str) -> Judged:
        if dataset not in self._results:
            self._results[dataset] = self._judge(dataset)
        return self._results[dataset]

    def _judge(self, dataset: str) -> Judged:
        chosen, world = DATASETS[dataset], self.world
        repeated = self._repeated(dataset)
        codes = np.full(chosen.size(world), NO_VERDICT, dtype=np.int8)
        now, since = codes.copy(), np.full(len(codes), NEVER, dtype=np.int32)
        seen: Counter[tuple[str, int]] = Counter()
        for some in chosen.current(world, self.known_by):
            duplicate = competing(some)
            duplicate[duplicate] = np.isin(ids(some)[duplicate], repeated)
            found = verdicts(world, self.registry, some.shown, duplicate)
            codes[some.number] = found
            since[some.number] = begins = deceased_from(self.registry, some, found)
            found = np.where((begins < NEVER) & some.lives, DECEASED, found)
            now[some.number] = found
            for name, shows in of_records(world, self.registry, dataset, some):
                counts = np.bincount(found[shows], minlength=len(VERDICTS)).tolist()
                seen.update({(name, verdict): count for verdict, count in enumerate(counts)})
        return Judged(now, codes, since, seen)

    def _repeated(self, dataset: str) -> Ints:
        """The ids that several records carry of which only one may."""
        current = DATASETS[dataset].current(self.world, self.known_by)
        parts = [ids(some)[competing(some)].astype(np.int32) for some in current]
        number = np.sort(np.concatenate(parts))
        return np.unique(number[1:][number[1:] == number[:-1]]).astype(np.int64)


def deceased_from(registry: Registry, some: Current, verdict: Ints) -> Ints:
    """From which day records are those of a deceased: who is verified and has died. A state is one
    on the day of death already, an event that happened after that day is one, ``NEVER`` others."""
    died = registry.died_on[id_owners(some.shown.person, some.shown.id_dirt)].astype(np.int64)
    is_known = np.isin(verdict, AGREEING)
    if some.event_day is not None:
        died = np.where(some.event_day > died, some.event_day, NEVER)
    return np.where(is_known, died, NEVER)


def ids(some: Current) -> Ints:
    """A number for each different id."""
    return id_numbers(id_owners(some.shown.person, some.shown.id_dirt), some.shown.id_dirt)


def competing(some: Current) -> Bools:
    """Whether a record carries an id that no other may carry."""
    return some.competes & has_whole_id(some.shown.id_dirt)
