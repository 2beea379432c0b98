"""The KPI definitions of the agreement, counted from what a reader knows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date

from .consistency_kpi import consistency_kpis
from .identity_kpi import identity_kpis
from .office_kpi import office_kpis
from .reader import Reading
from .rulebook import Record, day_of, is_well_formed_id
from .service_kpi import service_kpis

Counts = dict[tuple[str, ...], tuple[int, int | None]]
"""By (level, unit), of members also by (level, unit, breakdown, member)."""

CAMPAIGN_DAYS = {"34": (date(2023, 4, 29), date(2023, 5, 3))}
"""The holiday on which the stations of Thái Bình were open from 7 to 22 h in three shifts."""


def kpi(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI by unit."""
    province = reading.world.scenario.province.code
    rules = _rules(as_of, province)
    result = {code: _counted(reading, *rule, as_of) for code, rule in rules.items()}
    result["id_card.campaign_dossiers"] |= _campaign_members(reading, as_of, province)
    result["id_card.cards_issued"] = _cards(reading, as_of)
    result["id_card.eligible_with_dossier"] = _coverage(reading, as_of)
    return (
        result
        | service_kpis(reading, as_of)
        | identity_kpis(reading, as_of)
        | consistency_kpis(reading, as_of)
        | office_kpis(reading, as_of)
    )


def _counted(
    reading: Reading,
    dataset: str,
    base: Callable[[Record], bool],
    part: Callable[[Record], bool] | None,
    as_of: date,
) -> Counts:
    above: dict[tuple[str, ...], int] = defaultdict(int)
    below: dict[tuple[str, ...], int] = defaultdict(int)
    province = reading.world.scenario.province.code
    for record in reading.current(dataset, as_of):
        if base(record):
            for unit in (("province", province), ("commune", str(record["commune_code"]))):
                below[unit] += 1
                above[unit] += part is None or part(record)
    if not below:
        below["province", province] = 0
    if part is None:
        return {unit: (count, None) for unit, count in below.items()}
    return {unit: (above[unit], count) for unit, count in below.items()}


def _cards(reading: Reading, as_of: date) -> Counts:
    """Cards that are not revoked, of dossiers received in the province."""
    received = {
        str(record["dossier_id"])
        for record in reading.current("police.id_card_dossier", as_of)
        if day_of(record["received_at"]) <= as_of
    }

    def is_issued(record: Record) -> bool:
        revoked = record["revoked_on"] is not None and day_of(record["revoked_on"]) <= as_of
        return (
            day_of(record["issued_on"]) <= as_of
            and not revoked
            and str(record["dossier_id"]) in received
        )

    return _counted(reading, "police.id_card", is_issued, None, as_of)


def _coverage(reading: Reading, as_of: date) -> Counts:
    """Permanent residents of fourteen years and more; those with a dossier."""
    applied = {
        str(record["personal_id"])
        for record in reading.current("police.id_card_dossier", as_of)
        if day_of(record["received_at"]) <= as_of
    }

    def is_fourteen(record: Record) -> bool:
        year, *rest = map(int, str(record["birth_date"]).split("-"))
        age = as_of.year - year
        if not rest:
            return age > 14
        return age > 14 or (age == 14 and [as_of.month, as_of.day] >= rest)

    return _counted(
        reading,
        "police.resident",
        lambda r: (
            r["residence_status"] == "dang_cu_tru"
            and r["residence_type"] == "thuong_tru"
            and is_fourteen(r)
        ),
        lambda r: str(r["personal_id"]) in applied,
        as_of,
    )


def _campaign_members(reading: Reading, as_of: date, province: str) -> Counts:
    """Dossiers of a campaign by station, hour and shift of five hours."""
    found: dict[tuple[str, ...], int] = defaultdict(int)
    for record in reading.current("police.id_card_dossier", as_of):
        if _in_campaign(record, as_of, province):
            hour = _hour(record)
            members = {
                "station": str(record["station_code"]),
                "hour": f"{hour:02}",
                "shift": str(1 + (hour - 7) // 5),
            }
            for breakdown, member in members.items():
                found["province", province, breakdown, member] += 1
    return {place: (count, None) for place, count in found.items()}


def _in_campaign(record: Record, as_of: date, province: str) -> bool:
    first, last = CAMPAIGN_DAYS.get(province, (date.max, date.min))
    return first <= day_of(record["received_at"]) <= min(last, as_of) and 7 <= _hour(record) < 22


def _hour(record: Record) -> int:
    return int(str(record["received_at"])[11:13])


def _rules(
    as_of: date, province: str
) -> dict[str, tuple[str, Callable[[Record], bool], Callable[[Record], bool] | None]]:
    def by(column: str) -> Callable[[Record], bool]:
        return lambda r: r[column] is not None and day_of(r[column]) <= as_of

    def lives(kind: str) -> Callable[[Record], bool]:
        return lambda r: r["residence_status"] == "dang_cu_tru" and r["residence_type"] == kind

    def exists(kind: str) -> Callable[[Record], bool]:
        return lambda r: r["household_status"] == "dang_hoat_dong" and r["residence_type"] == kind

    def account(r: Record) -> bool:
        return by("registered_at")(r) and not by("locked_at")(r)

    def in_month(day: date) -> bool:
        return day <= as_of and (day.year, day.month) == (as_of.year, as_of.month)

    def has_id(r: Record) -> bool:
        return is_well_formed_id(r["personal_id"])

    def registered(r: Record) -> bool:
        day = date.fromisoformat("-".join(reversed(str(r["registered_on"]).split("/"))))
        return r["exam_year"] == str(as_of.year) and day <= as_of

    return {
        "population.permanent_residents": ("police.resident", lives("thuong_tru"), None),
        "population.temporary_residents": ("police.resident", lives("tam_tru"), None),
        "population.permanent_households": ("police.household", exists("thuong_tru"), None),
        "population.temporary_households": ("police.household", exists("tam_tru"), None),
        "id_card.dossiers_received": ("police.id_card_dossier", by("received_at"), None),
        "id_card.dossiers_issued": (
            "police.id_card_dossier",
            lambda r: r["dossier_status"] == "da_cap" and by("issued_at")(r),
            None,
        ),
        "id_card.campaign_dossiers": (
            "police.id_card_dossier",
            lambda r: _in_campaign(r, as_of, province),
            None,
        ),
        "eid.accounts_new_month": (
            "police.eid_account",
            lambda r: account(r) and in_month(day_of(r["registered_at"])),
            None,
        ),
        "eid.accounts_before_month": (
            "police.eid_account",
            lambda r: account(r) and not in_month(day_of(r["registered_at"])),
            None,
        ),
        "eid.accounts": ("police.eid_account", account, None),
        "eid.accounts_level_1": (
            "police.eid_account",
            lambda r: account(r) and not by("level2_at")(r),
            None,
        ),
        "eid.accounts_activated": (
            "police.eid_account",
            lambda r: account(r) and by("activated_at")(r),
            None,
        ),
        "eid.accounts_not_activated": (
            "police.eid_account",
            lambda r: account(r) and not by("activated_at")(r),
            None,
        ),
        "eid.accounts_level_2": (
            "police.eid_account",
            lambda r: account(r) and by("level2_at")(r),
            None,
        ),
        "health.id_card_visits_month": (
            "health.encounter",
            lambda r: in_month(day_of(r["started_at"])),
            lambda r: r["document_used"] == "cccd" and r["is_insurance_checked"] == "true",
        ),
        "health.vaccinations_with_personal_id": (
            "health.immunization",
            lambda r: r["immunization_status"] == "completed" and by("occurred_on")(r),
            has_id,
        ),
        "education.registrations_with_personal_id": (
            "education.exam_registration",
            registered,
            has_id,
        ),
    }
