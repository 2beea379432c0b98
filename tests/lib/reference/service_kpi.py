"""The KPIs of services and programme, counted from what a reader knows."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from .reader import Reading
from .rulebook import Record, day_of
from .service_rules import portal_moment, procedure_codes

Counts = dict[tuple[str, ...], tuple[int, int | None]]
ESSENTIAL = [f"DA06-{k:02}" for k in range(1, 26)]
REPORTED = [*ESSENTIAL, *(f"Q422-{k:02}" for k in range(1, 14))]
NOT_DIGITISED = {"DA06-02", "DA06-09"}
_GROUPS, _PHASES = "12345", ("2022", "2023-2025", "2030")


def service_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI of these two sources."""
    codes = procedure_codes()
    dossiers = [
        record
        | {"procedure": codes[str(record["procedure_code"])]}
        | _as_of(reading, str(record["dossier_code"]), as_of)
        for record in reading.current("portal.dossier", as_of)
        if _day(record["received_at"]) <= as_of
    ]
    found = _of_dossiers(reading, dossiers, as_of)
    for period, first_day in _first_days(as_of).items():
        in_law = [d for d in dossiers if _day(d["received_at"]) >= _since_766(first_day, as_of)]
        found |= {
            f"{code}.{period}": counts
            for code, counts in _of_dossiers(reading, in_law, as_of).items()
        }
        received = [d for d in dossiers if _day(d["received_at"]) >= first_day]
        found[f"service.dossiers_essential.{period}"] = _essential(reading, received)
    return found | _task_kpis(reading, as_of)


def _first_days(as_of: date) -> dict[str, date]:
    quarter = {1: 1, 2: 1, 3: 1, 4: 4, 5: 4, 6: 4, 7: 7, 8: 7, 9: 7}.get(as_of.month, 10)
    return {
        "month": as_of.replace(day=1),
        "quarter": date(as_of.year, quarter, 1),
        "year": date(as_of.year, 1, 1),
    }


def _since_766(first_day: date, as_of: date) -> date:
    """QĐ 766/QĐ-TTg holds since 23/06/2022: what it asks for is counted from then on."""
    return max(first_day, date(2022, 6, 23)) if as_of >= date(2022, 6, 23) else first_day


def _of_dossiers(reading: Reading, dossiers: list[Record], as_of: date) -> dict[str, Counts]:
    return {
        "service.dossiers_essential": _essential(reading, dossiers),
        "service.online_share": _share(reading, dossiers, "channel_code", "2"),
        "service.digitised_share": _share(
            reading,
            [d for d in dossiers if d["procedure"] not in NOT_DIGITISED],
            "has_digitised_components",
            "1",
        ),
        **_handling(reading, dossiers, as_of),
    }


def _as_of(reading: Reading, code: str, as_of: date) -> dict[str, str | None]:
    """What has no date of its own, as the last version of the day says, else the first one."""
    versions = sorted(
        reading.versions["portal.dossier"][code].values(), key=lambda r: str(r["updated_at"])
    )
    by_then = [r for r in versions if day_of(r["updated_at"]) <= as_of]
    said = by_then[-1] if by_then else versions[0]
    return {
        "waits": str(said["dossier_status"] == "3"),
        **{c: said[c] for c in ("supplement_count", "supplement_days", "rating")},
    }


def _day(text: str | None) -> date:
    day, month, year = str(text)[:10].split("/")
    return date(int(year), int(month), int(day))


def _essential(reading: Reading, dossiers: list[Record]) -> Counts:
    province = reading.world.scenario.province.code
    found = Counter({("province", province, "essential_procedure", p): 0 for p in ESSENTIAL})
    found["province", province] = 0
    for record in dossiers:
        if record["procedure"] in ESSENTIAL:
            found["province", province] += 1
            found["commune", str(record["commune_code"])] += 1
            found["province", province, "essential_procedure", str(record["procedure"])] += 1
    return {place: (count, None) for place, count in found.items()}


def _share(reading: Reading, dossiers: list[Record], column: str, value: str) -> Counts:
    return _shares(reading, dossiers, lambda record: record[column] == value)


def _shares(reading: Reading, dossiers: list[Record], counts: Callable[[Record], bool]) -> Counts:
    province = reading.world.scenario.province.code
    above: dict[tuple[str, ...], int] = defaultdict(int)
    below = Counter({("province", province, "procedure", p): 0 for p in REPORTED})
    below["province", province] = 0
    for record in dossiers:
        if record["procedure"] in REPORTED:
            for place in (
                ("province", province),
                ("commune", str(record["commune_code"])),
                ("province", province, "procedure", str(record["procedure"])),
            ):
                below[place] += 1
                above[place] += counts(record)
    return {place: (above[place], count) for place, count in below.items()}


def _handling(reading: Reading, dossiers: list[Record], as_of: date) -> dict[str, Counts]:
    """QĐ 766/QĐ-TTg as the agreement words it, of each dossier's newest version; whether it waits,
    its supplements and its rating are those of the day."""

    def some(column: str, field: str, *values: str) -> Callable[[Record], bool]:
        return lambda r: any(part[field] in values for part in json.loads(str(r[column])))

    def by_now(record: Record, column: str) -> bool:
        return record[column] is not None and _day(record[column]) <= as_of

    def is_rated(record: Record) -> bool:
        return record["rating"] is not None and by_now(record, "returned_at")

    def has_fee(record: Record) -> bool:
        return any(fee["Gia"] > 0 for fee in json.loads(str(record["fees"])))

    def has_result(record: Record) -> bool:
        return record["dossier_status"] in ("4", "5") and by_now(record, "finished_at")

    def is_known(record: Record) -> bool:
        return record["is_vneid_verified"] == "1" or record["database_consulted"] == "1"

    def has_file(record: Record) -> bool:
        return any(r["DuongDanTepTinKetQua"] for r in json.loads(str(record["results"])))

    def is_late(record: Record) -> bool:
        return record["due_at"] is not None and not _is_in_time(record, as_of)

    rules: dict[str, tuple[Callable[[Record], bool], Callable[[Record], bool]]] = {
        "on_time": (lambda r: r["due_at"] is not None, lambda r: not is_late(r)),
        "paid_online": (has_fee, lambda r: r["online_payment"] in ("1", "2")),
        "electronic_result": (has_result, has_file),
        "reused": (lambda _: True, some("components", "DuocTaiSuDung", "1", "2")),
        "from_store": (lambda _: True, some("components", "DuocLayTuKhoDMQG", "1")),
        "identity_checked": (lambda _: True, is_known),
        "vneid_verified": (lambda _: True, lambda r: r["is_vneid_verified"] == "1"),
        "population_checked": (lambda _: True, lambda r: r["database_consulted"] == "1"),
        "satisfied": (is_rated, lambda r: r["rating"] == "1"),
        "faultless": (
            lambda r: r["due_at"] is not None,
            lambda r: not is_late(r) and not (is_rated(r) and r["rating"] == "3"),
        ),
    }
    return {
        f"service.{name}_share": _shares(reading, [d for d in dossiers if considered(d)], counts)
        for name, (considered, counts) in rules.items()
    }


def _is_in_time(record: Record, as_of: date) -> bool:
    """Finished by the due time; the applicant's days do not count, and one request is allowed."""
    if int(record["supplement_count"] or 0) > 1:
        return False
    if record["waits"] == "True":
        return True
    judged = portal_moment((as_of + timedelta(days=1)).strftime("%d/%m/%Y 00:00:00"))
    if record["finished_at"] is not None:
        judged = min(judged, portal_moment(record["finished_at"]))
    return judged <= portal_moment(record["due_at"]) + timedelta(
        days=int(record["supplement_days"] or 0)
    )


def _task_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """All tasks listed, judged by their newest version: the list does not say since when."""
    province = reading.world.scenario.province.code
    newest = list(reading.current("programme.task", as_of))
    found: dict[tuple[str, ...], int] = {
        ("province", province): len(newest),
        **{("province", province, "group", g): 0 for g in _GROUPS},
        **{("province", province, "phase", p): 0 for p in _PHASES},
    }
    due: dict[tuple[str, ...], tuple[int, int | None]] = {("province", province): (0, 0)}
    for task in newest:
        members = {
            "owner": str(task["owner_agency"]),
            "group": str(task["group_code"]),
            "phase": str(task["phase"]),
        }
        for breakdown, member in members.items():
            place = ("province", province, breakdown, member)
            found[place] = found.get(place, 0) + 1
        if _day(task["deadline"]) <= as_of:
            done = task["completed_on"] is not None and (
                _day(task["completed_on"]) <= _day(task["deadline"])
            )
            for place in (
                ("province", province),
                ("province", province, "owner", members["owner"]),
            ):
                kept, of = due.get(place, (0, 0))
                due[place] = kept + done, (of or 0) + 1
    return {
        "programme.tasks": {place: (count, None) for place, count in found.items()},
        "programme.tasks_on_time": due,
    }
