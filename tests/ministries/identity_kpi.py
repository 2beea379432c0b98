"""Verdicts and their KPIs, from what a reader knows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from .reader import Reading
from .rulebook import Record, day_of
from .service_rules import KEYS
from .verdict_reference import duplicates, verdict

Counts = dict[tuple[str, ...], tuple[int, int | None]]
_VERIFIED = ("verified", "verified_after_normalisation")
_ALL = (
    *_VERIFIED, "missing_id", "id_is_cmnd", "invalid_id", "duplicate_id", "not_found",
    "mismatch_name", "mismatch_birth_date", "mismatch_birth_date_year_only",
    "mismatch_birth_date_swapped", "mismatch_sex",
)  # fmt: skip


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


def verdicts(reading: Reading, dataset: str) -> dict[str, str]:
    """What the agreement's text makes of all that was read, by key."""
    registry = newest(reading, "police.resident")
    records = newest(reading, dataset)
    repeated = duplicates(dataset, records.values())
    return {
        key: verdict(dataset, record, registry, repeated)
        for key, record in records.items()
        if record.get("applicant_type") != "2"
    }


def identity_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI of verified identities by unit."""

    def completed(r: Record) -> bool:
        return r["immunization_status"] == "completed" and day_of(r["occurred_on"]) <= as_of

    def registered(r: Record) -> bool:
        day = date.fromisoformat("-".join(reversed(str(r["registered_on"]).split("/"))))
        return r["exam_year"] == str(as_of.year) and day <= as_of

    insured = _counted(
        reading,
        "insurance.participant",
        as_of,
        lambda r: r["participation_status"] == "dang_tham_gia",
    )
    return {
        "insurance.verified_share": _shares(insured),
        "insurance.verdicts": _by_verdict(insured),
        "education.registrations_verified": _shares(
            _counted(reading, "education.exam_registration", as_of, registered)
        ),
        "health.vaccinations_verified": _shares(
            _counted(reading, "health.immunization", as_of, completed)
        ),
    }


Found = dict[tuple[str, ...], dict[str, int]]


def _counted(
    reading: Reading, dataset: str, as_of: date, counts: Callable[[Record], bool]
) -> Found:
    """Records by unit and verdict, '' for those that have none."""
    said = verdicts(reading, dataset)
    found: Found = defaultdict(lambda: defaultdict(int))
    province = found["province", reading.world.scenario.province.code]
    for record in reading.current(dataset, as_of):
        if counts(record):
            reached = said.get(str(record[KEYS[dataset]]), "")
            province[reached] += 1
            found["commune", str(record["commune_code"])][reached] += 1
    return found


def _shares(found: Found) -> Counts:
    return {
        unit: (sum(counts.get(name, 0) for name in _VERIFIED), sum(counts.values()))
        for unit, counts in found.items()
    }


def _by_verdict(found: Found) -> Counts:
    rows: Counts = {}
    for unit, counts in found.items():
        total = sum(count for name, count in counts.items() if name)
        if total or unit[0] == "province":
            rows[unit] = (total, None)
        if unit[0] == "province":
            rows |= {(*unit, "verdict", name): (counts.get(name, 0), None) for name in _ALL}
    return rows
