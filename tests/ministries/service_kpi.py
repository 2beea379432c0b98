"""The KPIs of services and programme, counted from what a reader knows."""

from collections import Counter, defaultdict
from datetime import date

from .reader import Reading
from .rulebook import Record
from .service_rules import procedure_codes

Counts = dict[tuple[str, ...], tuple[int, int | None]]
ESSENTIAL = [f"DA06-{k:02}" for k in range(1, 26)]
REPORTED = [*ESSENTIAL, *(f"Q422-{k:02}" for k in range(1, 14))]
NOT_DIGITISED = {"DA06-02", "DA06-09"}
_GROUPS, _PHASES = "12345", ("2022", "2023-2025", "2030")


def service_kpis(reading: Reading, as_of: date) -> dict[str, Counts]:
    """Every KPI of these two sources."""
    codes = procedure_codes()
    dossiers = [
        record | {"procedure": codes[str(record["procedure_code"])]}
        for record in reading.current("portal.dossier", as_of)
        if _day(record["received_at"]) <= as_of
    ]
    return {
        "service.dossiers_essential": _essential(reading, dossiers),
        "service.online_share": _share(reading, dossiers, "channel_code", "2"),
        "service.digitised_share": _share(
            reading,
            [d for d in dossiers if d["procedure"] not in NOT_DIGITISED],
            "has_digitised_components",
            "1",
        ),
        **_task_kpis(reading, as_of),
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
                above[place] += record[column] == value
    return {place: (above[place], count) for place, count in below.items()}


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
