"""KPIs of consistency and shared use, written again from their definitions, over wire texts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from .identity_kpi import VERIFIED, Counts, holds, verdicts
from .reader import Reading
from .rulebook import Record
from .service_rules import KEYS
from .verdict_reference import Birth, compare_names, effective_id, match_key, person

_ATTRIBUTES = ("name", "birth_date", "sex", "commune")
_SOURCES = ("education", "health", "insurance", "police", "portal")
_LINKED = (
    *VERIFIED, "mismatch_name", "mismatch_birth_date", "mismatch_birth_date_swapped",
    "mismatch_birth_date_year_only", "mismatch_sex",
)  # fmt: skip
_DATASETS = (
    "insurance.participant", "health.encounter", "health.immunization",
    "education.exam_registration", "portal.dossier",
)  # fmt: skip


@dataclass(frozen=True)
class _Said:
    name: str
    birth: Birth | None
    sex: str | None
    commune: str | None


def consistency_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI of the two families by unit."""
    registered = {
        str(record["personal_id"]): record
        for record in reading.current("police.resident", as_of)
        if record["residence_status"] == "dang_cu_tru"
    }
    said: dict[str, dict[str, set[_Said]]] = defaultdict(lambda: defaultdict(set))
    used = set()
    for number, source, statement, is_used in _statements(reading, as_of, registered):
        said[number][source].add(statement)
        if is_used:
            used.add(number)
    counts = _Counts(("province", reading.world.scenario.province.code))
    for number, record in registered.items():
        place = "commune", str(record["commune_code"])
        counts.add("quality.reused_share", place, number in used)
        if number in said:
            who = person("police.resident", record)
            said[number]["police"] = {_Said("", who.birth, who.sex, place[1])}
            _count(counts, place, said[number])
    return counts.rows()


def _statements(
    reading: Reading, as_of: date, registered: dict[str, Record]
) -> Iterator[tuple[str, str, _Said, bool]]:
    for dataset in _DATASETS:
        reached = verdicts(reading, dataset, as_of)
        for record in reading.current(dataset, as_of):
            number = effective_id(dataset, record)
            verdict = reached.get(str(record[KEYS[dataset]]))
            if verdict not in _LINKED or number not in registered:
                continue
            if not holds(dataset, record, as_of):
                continue
            mine, theirs = person(dataset, record), person("police.resident", registered[number])
            is_same, _ = compare_names(mine.name, theirs.name, rest_agrees=True)
            commune = record["commune_code"] if dataset == "insurance.participant" else None
            name = "" if is_same else match_key(mine.name)
            statement = _Said(name, mine.birth, mine.sex, commune)
            yield number, dataset.split(".")[0], statement, verdict in VERIFIED


def _agrees(one: _Said, other: _Said, attribute: str) -> bool | None:
    if attribute == "birth_date":
        return _births_agree(one.birth, other.birth)
    mine, theirs = getattr(one, attribute), getattr(other, attribute)
    return None if mine is None or theirs is None else mine == theirs


def _births_agree(mine: Birth | None, theirs: Birth | None) -> bool | None:
    if mine is None or theirs is None:
        return None
    if mine.year != theirs.year:
        return False
    if (mine.day is None) != (theirs.day is None):
        return None
    return mine == theirs


def _all(results: list[bool | None]) -> bool | None:
    known = [result for result in results if result is not None]
    return all(known) if known else None


def _count(counts: "_Counts", place: tuple[str, str], said: dict[str, set[_Said]]) -> None:
    results = {
        (one, other, attribute): _all(
            [_agrees(*pair, attribute) for pair in product(said[one], said[other])]
        )
        for one, other in combinations(sorted(said), 2)
        for attribute in _ATTRIBUTES
    }
    counts.add("quality.consistent_share", place, False not in results.values())
    for attribute in _ATTRIBUTES:
        agrees = _all([result for key, result in results.items() if key[2] == attribute])
        if agrees is None:
            counts.add(f"quality.not_comparable_{attribute}", place, True)
        else:
            counts.add(f"quality.consistent_{attribute}_share", place, agrees)
    for key, result in results.items():
        if result is False:
            counts.add("quality.disagreements", place, True, ("disagreement", "/".join(key)))
    for source in said.keys() - {"police"}:
        own = [result for key, result in results.items() if source in key[:2]]
        counts.add(
            "quality.consistent_by_source_share", place, False not in own, ("source", source)
        )


class _Counts:
    """Persons by KPI and place: how many are counted, of how many."""

    def __init__(self, province: tuple[str, str]) -> None:
        self._province = province
        self._found: dict[str, dict[tuple[str, ...], list[int]]] = defaultdict(
            lambda: defaultdict(lambda: [0, 0])
        )
        for code in ("consistent", "consistent_by_source", "reused"):
            self._found[f"quality.{code}_share"][province] = [0, 0]
        for attribute in _ATTRIBUTES:
            self._found[f"quality.consistent_{attribute}_share"][province] = [0, 0]
        for attribute in _ATTRIBUTES[1:]:
            self._found[f"quality.not_comparable_{attribute}"][province] = [0, 0]
        for source in ("education", "health", "insurance", "portal"):
            place = *province, "source", source
            self._found["quality.consistent_by_source_share"][place] = [0, 0]
        disagreements = self._found["quality.disagreements"]
        disagreements[province] = [0, 0]
        for one, other in combinations(_SOURCES, 2):
            for attribute in _ATTRIBUTES:
                is_said = attribute == "name" or "portal" not in (one, other)
                if attribute == "commune":
                    is_said = (one, other) == ("insurance", "police")
                if is_said:
                    member = "/".join((one, other, attribute))
                    disagreements[*province, "disagreement", member] = [0, 0]

    def add(
        self, code: str, place: tuple[str, str], counted: bool, member: tuple[str, ...] = ()
    ) -> None:
        places = [self._province, place]
        for each in [*places, (*self._province, *member)] if member else places:
            self._found[code][each][0] += counted
            self._found[code][each][1] += 1

    def rows(self) -> dict[str, Counts]:
        return {
            code: {
                place: (above, whole if code.endswith("_share") else None)
                for place, (above, whole) in found.items()
            }
            for code, found in self._found.items()
        }
