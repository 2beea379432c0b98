"""Verdicts and their KPIs, from what a reader knows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from .reader import Reading
from .rulebook import Record, day_of
from .service_rules import KEYS
from .verdict_reference import duplicates, effective_id, verdict

Counts = dict[tuple[str, ...], tuple[int, int | None]]
VERIFIED = ("verified", "verified_after_normalisation", "verified_by_name")
_ALL = (
    *VERIFIED, "missing_id", "id_is_cmnd", "invalid_id", "duplicate_id", "not_found",
    "mismatch_name", "mismatch_birth_date", "mismatch_birth_date_year_only",
    "mismatch_birth_date_swapped", "mismatch_sex",
)  # fmt: skip
_INSURED = "insurance.participant"
_HAPPENED = {
    "health.encounter": "started_at", "health.immunization": "occurred_on",
    "education.exam_registration": "registered_on", "portal.dossier": "received_at",
}  # fmt: skip
"""By dataset of events, when one happened; a participant is no event."""


def newest(reading: Reading, dataset: str) -> dict[str, Record]:
    """The newest version of each record that is not deleted."""
    found = {}
    for key, versions in reading.versions[dataset].items():
        record = max(versions.values(), key=lambda r: str(r["updated_at"]))
        status = (record.get("encounter_status"), record.get("immunization_status"))
        deleted = (
            record.get("is_deleted") == "true"
            or record.get("change_type") == "D"
            or record.get("dossier_status") == "9"
            or "entered-in-error" in status
        )
        if not deleted:
            found[key] = record
    return found


def verdicts(reading: Reading, dataset: str, as_of: date | None = None) -> dict[str, str]:
    """What the agreement's text makes of all that was read, by key: as of a day, or (without one)
    of what each record says in the end."""
    registry = newest(reading, "police.resident")
    records = newest(reading, dataset)
    repeated = duplicates(dataset, records.values())
    died = _deaths(reading)
    found = {}
    for key, record in records.items():
        if record.get("applicant_type") == "2":
            continue
        found[key] = verdict(dataset, record, registry, repeated)
        death = died.get(effective_id(dataset, record))
        if death and found[key] in VERIFIED and _outlives(dataset, record, death, as_of):
            found[key] = "deceased"
    return found


def _deaths(reading: Reading) -> dict[str, date]:
    """The day on which the register lets each deceased person die, told last and never undone."""
    died: dict[str, date] = {}
    for number, versions in reading.versions["police.resident"].items():
        states = list(versions.values())
        states.sort(key=lambda r: (day_of(r["effective_on"]), str(r["updated_at"])))
        for state in states:
            if state["residence_status"] == "da_chet":
                died.setdefault(number, day_of(state["effective_on"]))
            else:
                died.pop(number, None)
    return died


def _outlives(dataset: str, record: Record, death: date, as_of: date | None) -> bool:
    """Whether a record is one of a dead person: an event of a later day than that of the death, a
    participation that goes on on that day."""
    if column := _HAPPENED.get(dataset):
        return _day(record[column]) > death
    if as_of is None:
        return record["participation_status"] == "dang_tham_gia"
    return as_of >= death


def _day(value: object) -> date:
    text = str(value)[:10]
    return date.fromisoformat("-".join(reversed(text.split("/"))))


def identity_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI of verified identities by unit."""

    def registered_this_year(r: Record) -> bool:
        return r["exam_year"] == str(as_of.year) and holds(exam, r, as_of)

    exam = "education.exam_registration"
    kept = {
        dataset: _counted(reading, dataset, as_of, partial(holds, dataset, as_of=as_of))
        for dataset in (_INSURED, *_HAPPENED)
    }
    insured, vaccinated = kept[_INSURED], kept["health.immunization"]
    enrolled = _counted(reading, exam, as_of, registered_this_year)
    _of_the_deceased(enrolled)
    dead = {dataset: _of_the_deceased(found) for dataset, found in kept.items()}
    return {
        **_qualities(kept),
        "quality.compared_records": _outcomes(kept),
        "quality.deceased_records": _by_dataset(dead),
        "insurance.participants": _participants(reading, as_of),
        "quality.timely_share": _timely(reading, as_of),
        "insurance.verified_share": _shares(insured),
        "insurance.verdicts": _by_verdict(insured),
        "education.registrations_verified": _shares(enrolled),
        "health.vaccinations_verified": _shares(vaccinated),
        **_card_persons(reading, as_of),
    }


Found = dict[tuple[str, ...], dict[str, int]]


def _counted(
    reading: Reading, dataset: str, as_of: date, counts: Callable[[Record], bool]
) -> Found:
    """Records by unit and verdict, '' for those that have none."""
    said = verdicts(reading, dataset, as_of)
    found: Found = defaultdict(lambda: defaultdict(int))
    province = found["province", reading.world.scenario.province.code]
    for record in reading.current(dataset, as_of):
        if counts(record):
            reached = said.get(str(record[KEYS[dataset]]), "")
            province[reached] += 1
            found["commune", str(record["commune_code"])][reached] += 1
    return found


def holds(dataset: str, record: Record, as_of: date) -> bool:
    """Whether a record counts on a day: a participation goes on, an event has happened."""
    if dataset == _INSURED:
        return _takes_part(record, as_of)
    is_done = record.get("immunization_status", "completed") == "completed"
    return is_done and _day(record[_HAPPENED[dataset]]) <= as_of


def _takes_part(record: Record, as_of: date) -> bool:
    """Participating, begun by the day and not ended before it."""
    ends = record["participates_to"]
    return (
        record["participation_status"] == "dang_tham_gia"
        and day_of(record["participates_from"]) <= as_of
        and (ends is None or day_of(ends) >= as_of)
    )


def _participants(reading: Reading, as_of: date) -> Counts:
    """Living persons who take part: one for each id shown, one for each record without."""
    said, known = verdicts(reading, _INSURED, as_of), newest(reading, _INSURED)
    province = "province", reading.world.scenario.province.code
    persons: dict[tuple[str, ...], set[str]] = defaultdict(set, {province: set()})
    for record in reading.current(_INSURED, as_of):
        key = str(record["bhxh_code"])
        if not _takes_part(record, as_of) or said.get(key) == "deceased":
            continue
        shown = effective_id(_INSURED, known[key]) if key in known else ""
        for unit in (province, ("commune", str(record["commune_code"]))):
            persons[unit].add(shown if shown.isdigit() else key)
    return {unit: (len(found), None) for unit, found in persons.items()}


def _card_persons(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Verified persons who showed an identity card; the visits with one of all others."""
    said = verdicts(reading, "health.encounter", as_of)
    newest_ones = newest(reading, "health.encounter")
    province = "province", reading.world.scenario.province.code
    persons: dict[tuple[str, ...], set[str]] = defaultdict(set, {province: set()})
    others: dict[tuple[str, ...], int] = defaultdict(int, {province: 0})
    for record in reading.current("health.encounter", as_of):
        if record["document_used"] != "cccd" or day_of(record["started_at"]) > as_of:
            continue
        key = str(record["encounter_id"])
        for unit in (province, ("commune", str(record["commune_code"]))):
            if said[key] in VERIFIED:
                persons[unit].add(effective_id("health.encounter", newest_ones[key]))
            elif said[key] != "deceased":
                others[unit] += 1
    return {
        "health.id_card_persons": {unit: (len(ids), None) for unit, ids in persons.items()},
        "health.id_card_visits_unidentified": {
            unit: (number, None) for unit, number in others.items()
        },
    }


def _of_the_deceased(found: Found) -> dict[tuple[str, ...], int]:
    """Take the records of the deceased out of all others; returns how many each unit has."""
    return {unit: counts.pop("deceased", 0) for unit, counts in found.items()}


def _by_dataset(found: dict[str, dict[tuple[str, ...], int]]) -> Counts:
    """By unit, and of the province by dataset too."""
    rows: dict[tuple[str, ...], int] = defaultdict(int)
    for dataset, numbers in found.items():
        for unit, number in numbers.items():
            rows[unit] += number
            if unit[0] == "province":
                rows[*unit, "dataset", dataset] = number
    return {p: (number, None) for p, number in rows.items() if number or p[0] == "province"}


def _shares(found: Found) -> Counts:
    return {
        unit: (sum(counts.get(name, 0) for name in VERIFIED), sum(counts.values()))
        for unit, counts in found.items()
        if sum(counts.values()) or unit[0] == "province"
    }


def _timely(reading: Reading, as_of: date) -> Counts:
    """Events of the last 30 days, and those of them whose first version came in time."""
    province = "province", reading.world.scenario.province.code
    found: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for dataset, column in (
        ("insurance.participant", ""), ("education.exam_registration", ""),
        ("health.encounter", "started_at"), ("health.immunization", "occurred_on"),
        ("portal.dossier", "received_at"),
    ):  # fmt: skip
        found[*province, "dataset", dataset] = [0, 0]
        for record in reading.current(dataset, as_of) if column else ():
            day = _day(record[column])
            if not as_of - timedelta(days=30) < day <= as_of:
                continue
            if not holds(dataset, record, as_of):
                continue
            versions = reading.versions[dataset][str(record[KEYS[dataset]])].values()
            first = min(datetime.fromisoformat(str(r["updated_at"])) for r in versions)
            promised = datetime.combine(day + timedelta(days=1), time(1), first.tzinfo)
            for place in (
                province, ("commune", str(record["commune_code"])),
                (*province, "dataset", dataset),
            ):  # fmt: skip
                found[place][0] += first <= promised
                found[place][1] += 1
    found[province][0] += 0
    return {place: (count[0], count[1]) for place, count in found.items()}


def _outcomes(kept: dict[str, Found]) -> Counts:
    """Records that have a verdict by unit, and by unit, dataset and verdict."""
    rows: dict[tuple[str, ...], int] = defaultdict(int)
    for dataset, found in kept.items():
        for unit, counts in found.items():
            for name, records in counts.items():
                rows[unit] += records if name else 0
                if name and records:
                    rows[*unit, "outcome", f"{dataset}/{name}"] += records
    return {p: (records, None) for p, records in rows.items() if records or p[0] == "province"}


def _qualities(kept: dict[str, Found]) -> dict[str, Counts]:
    """Right, complete and clean records of persons, by unit and dataset."""
    every = {name for name in _ALL if name != "missing_id"}
    unusable = {"id_is_cmnd", "invalid_id", "duplicate_id"}
    asked = {
        "quality.accurate_share": (set(VERIFIED), set(_ALL)),
        "quality.complete_share": (every, set(_ALL)),
        "quality.clean_share": (every - unusable, every),
    }
    result: dict[str, Counts] = {}
    for code, (above, below) in asked.items():
        sums: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
        for dataset, found in kept.items():
            for unit, counts in found.items():
                some = [sum(counts.get(name, 0) for name in names) for names in (above, below)]
                places = [unit, (*unit, "dataset", dataset)] if unit[0] == "province" else [unit]
                for place in places:
                    sums[place] = [a + b for a, b in zip(sums[place], some, strict=True)]
        result[code] = {
            place: (some[0], some[1])
            for place, some in sums.items()
            if some[1] or place[0] == "province"
        }
    return result


def _by_verdict(found: Found) -> Counts:
    rows: Counts = {}
    for unit, counts in found.items():
        total = sum(count for name, count in counts.items() if name)
        if total or unit[0] == "province":
            rows[unit] = (total, None)
        if unit[0] == "province":
            rows |= {(*unit, "verdict", name): (counts.get(name, 0), None) for name in _ALL}
    return rows
