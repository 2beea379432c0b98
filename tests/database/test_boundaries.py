"""Boundaries: totals are the same before and after the reform, names and codes are of their day."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from dean06 import settings
from dean06.errors import AuditError
from dean06.kpi import steps
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.database.test_programme import TASKS, load_programme
from tests.lib.loading import lines_of, load_police, load_source, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse")
DAY, AFTER = "2022-10-31", "2025-07-02"
RESIDENTS, PERSONS = "population.permanent_residents", "health.id_card_persons"
OLD = {"34": "Tỉnh Thái Bình", "82": "Tỉnh Tiền Giang"}
NEW = {"34": ("33", "Tỉnh Hưng Yên"), "82": ("82", "Tỉnh Đồng Tháp")}
COMMUNES = {"34": 260, "82": 172}
BECAME = {"34": 65, "82": 57}
UNMAPPED = {
    "34": [
        "12556", "12568", "12598", "12607", "12691", "12697", "12727", "12733", "12796", "12799",
        "12982", "13009", "13033", "13042", "13117", "13123", "13153", "13174",
    ],
    "82": ["28255", "28258", "28267", "28294", "28303", "28531", "28546", "28555"],
}  # fmt: skip


def _reference(name: str) -> Iterable[dict[str, str]]:
    with (settings.REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _communes(province: str) -> list[str]:
    """Commune codes of a province in the list of 2022."""
    return [
        row["unit_code"]
        for row in _reference("admin_units")
        if row["unit_level"] == "commune" and row["province_code"] == province
        and row["valid_from"] == "2022-01-01"
    ]  # fmt: skip


def _person(number: int, commune: str, **changes: Any) -> dict[str, Any]:
    return resident(soDinhDanh=f"08219{number:07d}", maXa=commune, **changes)


def _visit(number: int, person: str, commune: str) -> dict[str, Any]:
    """A visit with the ID card, as the health ministry tells it."""
    own = "https://dean06.example/fhir"
    return {
        "resourceType": "Encounter", "id": f"enc-{number}", "status": "finished",
        "meta": {"lastUpdated": "2022-10-30T10:00:00+07:00"},
        "contained": [
            {
                "resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1990",
                "identifier": [{"system": f"{own}/sid/so-dinh-danh", "value": person}],
                "name": [{"text": "Nguyễn Thị Thử"}],
            }
        ],
        "extension": [
            {"url": f"{own}/StructureDefinition/insurance-checked", "valueBoolean": True},
            {"url": f"{own}/StructureDefinition/check-in-document", "valueCode": "cccd"},
            {"url": f"{own}/StructureDefinition/facility-commune", "valueCode": commune},
        ],
        "class": {"code": "AMB"}, "subject": {"reference": "#p"},
        "period": {"start": "2022-10-30T07:30:00+07:00"},
        "serviceProvider": {"identifier": {"value": "82001"}},
    }  # fmt: skip


def _values(kpi_code: str, boundaries: str, day: str = DAY) -> dict[tuple[str, str], int]:
    """Units in which anything counted; ``test_grid`` is about the others."""
    return {
        (level, code): numerator
        for level, code, numerator in rows(
            """select unit_level, unit_code, numerator from mart.kpi_latest
               where as_of_date = :day and kpi_code = :code and breakdown = ''
                   and boundary_version = :boundaries""",
            day=day, code=kpi_code, boundaries=boundaries,
        )
        if numerator
    }  # fmt: skip


def _names(boundaries: str, day: str) -> dict[str, str]:
    """Names of units in which anything counted."""
    return dict(
        rows(
            """select unit_code, unit_name from mart.kpi_latest
               where as_of_date = :day and kpi_code = :code and boundary_version = :boundaries
                   and numerator > 0""",
            day=day, code=RESIDENTS, boundaries=boundaries,
        )
    )  # fmt: skip


@pytest.mark.parametrize("province", ["34", "82"])
@pytest.mark.one_in(2)
def test_every_commune_of_a_province_moves_and_nothing_is_lost(province: str) -> None:
    """One person in the first commune, two in the second …: a sum tells which ones it holds."""
    codes = _communes(province)
    assert len(codes) == COMMUNES[province]
    people = [commune for n, commune in enumerate(codes, start=1) for _ in range(n % 7 + 1)]
    load_police("one", DAY, [_person(n, commune) for n, commune in enumerate(people)])
    build_kpis()
    reported, current = _values(RESIDENTS, "as_reported"), _values(RESIDENTS, "current")
    new, _ = NEW[province]
    expected: dict[tuple[str, str], int] = defaultdict(int)
    for row in _reference("admin_unit_successors"):
        if row["unit_level"] == "commune" and row["is_default"] == "true":
            target = row["successor_code"] or f"{new}:unknown"
            expected["commune", target] += people.count(row["unit_code"])
    assert current == {
        **{place: count for place, count in expected.items() if count},
        ("province", new): len(people),
    }
    assert reported["province", province] == len(people)
    assert {code: reported["commune", code] for code in codes} == {
        code: people.count(code) for code in codes
    }
    assert len(current) == 1 + BECAME[province] + 1
    assert current["commune", f"{new}:unknown"] == sum(map(people.count, UNMAPPED[province]))


@pytest.mark.parametrize("province", ["34", "82"])
def test_communes_without_a_known_successor_are_listed(province: str) -> None:
    assert rows(
        """select unit.unit_code from mart.dim_admin_unit as unit
           inner join mart.admin_unit_successor as became using (unit_level, unit_code)
           where unit.province_code = :province and unit.valid_from = '2022-01-01'
               and became.relation = 'unknown' and became.is_default
               and became.successor_code = :unknown
           order by 1""",
        province=province, unknown=f"{NEW[province][0]}:unknown",
    ) == [(code,) for code in UNMAPPED[province]]  # fmt: skip


def test_the_whole_country_has_one_default_each() -> None:
    assert rows(
        """select relation, count(*), count(distinct successor_code)
           from mart.admin_unit_successor
           where is_default and unit_level = 'commune' group by relation order by relation"""
    ) == [("part", 471, 305), ("unknown", 567, 31), ("whole", 9564, 3277)]


def test_names_belong_to_their_boundaries() -> None:
    load_police("one", DAY, [_person(1, "28249"), _person(2, "28255")])
    build_kpis()
    assert _names("as_reported", DAY) == {
        "82": "Tỉnh Tiền Giang", "28249": "Phường 5", "28255": "Phường 7",
    }  # fmt: skip
    assert _names("current", DAY) == {
        "82": "Tỉnh Đồng Tháp", "28249": "Phường Đạo Thạnh",
        "82:unknown": "Không rõ đơn vị kế thừa (Tỉnh Đồng Tháp)",
    }  # fmt: skip


def test_a_code_means_what_it_meant_when_the_record_was_written() -> None:
    """28300 was Phường 4, then Phường 1, of Gò Công, and is no commune now; 28270 is re-used."""
    later = {"ngayHieuLuc": AFTER, "capNhatLuc": f"{AFTER}T08:00:00+07:00"}
    load_police("one", DAY, [_person(1, "28252"), _person(2, "28300"), _person(3, "28255")])
    load_police("two", AFTER, [_person(4, "28270", **later), _person(5, "28249", **later)])
    build_kpis()
    assert _names("as_reported", DAY)["28300"] == "Phường 4"
    assert _values(RESIDENTS, "as_reported", AFTER) == {
        ("province", "82"): 5, ("commune", "28249"): 2, ("commune", "28270"): 1,
        ("commune", "28306"): 1, ("commune", "82:unknown"): 1,
    }  # fmt: skip
    assert _values(RESIDENTS, "current", AFTER) == _values(RESIDENTS, "as_reported", AFTER)
    assert _names("as_reported", AFTER) == _names("current", AFTER) == {
        "82": "Tỉnh Đồng Tháp", "28249": "Phường Đạo Thạnh", "28270": "Phường Thới Sơn",
        "28306": "Phường Gò Công", "82:unknown": "Không rõ đơn vị kế thừa (Tỉnh Đồng Tháp)",
    }  # fmt: skip


def test_an_old_record_written_again_with_a_new_code_stays_in_its_province() -> None:
    again = _person(1, "28270", capNhatLuc=f"{AFTER}T08:00:00+07:00")
    load_police("one", DAY, [_person(1, "28270"), _person(2, "28270")])
    load_police("two", AFTER, [again])
    build_kpis()
    assert _values(RESIDENTS, "as_reported") == {
        ("province", "82"): 2, ("commune", "28270"): 1, ("commune", "82:unknown"): 1,
    }  # fmt: skip
    unknown = _names("as_reported", DAY)["82:unknown"]
    assert unknown == "Không rõ đơn vị tại thời điểm đó (Tỉnh Tiền Giang)"
    assert _values(RESIDENTS, "current") == {("province", "82"): 2, ("commune", "28270"): 2}


@pytest.mark.campaign
def test_a_commune_that_only_parts_became_is_of_their_province() -> None:
    """00340 is nobody's default successor; all that gave it a part lie in province 01."""
    load_police("one", DAY, [_person(1, "00331")])
    load_police("two", AFTER, [_person(1, "00340", capNhatLuc=f"{AFTER}T08:00:00+07:00")])
    build_kpis()
    assert _values(RESIDENTS, "as_reported") == {
        ("province", "01"): 1, ("commune", "01:unknown"): 1,
    }  # fmt: skip
    assert _values(RESIDENTS, "current") == {("province", "01"): 1, ("commune", "00340"): 1}


def test_a_day_that_is_refused_does_not_stop_the_others() -> None:
    """31582 became of communes of two provinces: nobody can say in which one a record counted."""
    load_police("one", DAY, [_person(1, "31576")])
    build_kpis()
    later = f"{AFTER}T08:00:00+07:00"
    load_police(
        "two", AFTER, [_person(1, "31582", capNhatLuc=later), _person(2, "28270", capNhatLuc=later)]
    )
    with pytest.raises(AuditError, match=rf"^{DAY}: [^;]*; nothing was published$"):
        build_kpis()
    assert rows("select as_of_date::text from mart.kpi_publication order by 1") == [
        (DAY,), (AFTER,),
    ]  # fmt: skip


def test_a_task_that_is_written_again_after_a_reform_stays_where_it_was() -> None:
    load_programme("one", DAY, [TASKS[3]])
    build_kpis()
    again = TASKS[3].rsplit(";", 1)[0] + ";02/07/2025 08:00:00"
    load_programme("two", AFTER, [again])
    build_kpis()
    assert rows(
        """select as_of_date::text, boundary_version, unit_code, unit_name, numerator
           from mart.kpi_latest where kpi_code = 'programme.tasks' and breakdown = ''
           order by 1, 2"""
    ) == [
        (DAY, "as_reported", "82", "Tỉnh Tiền Giang", 1),
        (DAY, "current", "82", "Tỉnh Đồng Tháp", 1),
        (AFTER, "as_reported", "82", "Tỉnh Đồng Tháp", 1),
        (AFTER, "current", "82", "Tỉnh Đồng Tháp", 1),
    ]


def test_members_and_tasks_of_a_province_move_with_it() -> None:
    load_programme("one", DAY, [line.replace(";82;", ";34;") for line in TASKS])
    build_kpis()
    shown = rows(
        """select boundary_version, unit_code, unit_name, breakdown, member_code, numerator
           from mart.kpi_latest where kpi_code = 'programme.tasks' and breakdown in ('', 'phase')
           order by boundary_version, breakdown, member_code"""
    )
    assert shown == [
        (boundaries, code, name, *member)
        for boundaries, code, name in (
            ("as_reported", "34", "Tỉnh Thái Bình"), ("current", "33", "Tỉnh Hưng Yên"),
        )
        for member in (
            ("", "", 4), ("phase", "2022", 2), ("phase", "2023-2025", 1), ("phase", "2030", 1),
        )
    ]  # fmt: skip


@pytest.mark.parametrize("kept_from", [0, steps.WORTH_RECORDS], ids=["steps", "spans"])
def test_persons_met_in_two_communes_that_became_one_count_once(
    monkeypatch: pytest.MonkeyPatch, kept_from: int
) -> None:
    """28249 and 28252 are one commune now; 28261 is another one."""
    monkeypatch.setattr(steps, "WORTH_RECORDS", kept_from)
    one, other, unknown = "082190000001", "082190000002", "082190000003"
    met = [(one, "28249"), (one, "28252"), (one, "28261"), (other, "28252"), (other, "28252")]
    met.append((unknown, "28261"))
    load_police("one", DAY, [resident(soDinhDanh=of, ngaySinh="1990") for of in (one, other)])
    visits = [_visit(n, person, commune) for n, (person, commune) in enumerate(met)]
    load_source("health", "one", DAY, {"encounter": (lines_of(visits), len(visits))})
    assert rows("select * from ops.quarantine") == []
    build_kpis()
    assert _values(PERSONS, "as_reported") == {
        ("province", "82"): 2, ("commune", "28249"): 1, ("commune", "28252"): 2,
        ("commune", "28261"): 1,
    }  # fmt: skip
    assert _values(PERSONS, "current") == {
        ("province", "82"): 2, ("commune", "28249"): 2, ("commune", "28261"): 1,
    }  # fmt: skip
    assert _values("health.id_card_visits_month", "current")["commune", "28249"] == 4
    assert _values("health.id_card_visits_unidentified", "current") == {
        ("province", "82"): 1, ("commune", "28261"): 1,
    }  # fmt: skip


def test_totals_that_differ_between_the_boundaries_are_refused() -> None:
    with transaction(role="") as session:
        session.run(
            """update mart.admin_unit_successor
               set successor_code = '00004', successor_province_code = '01'
               where unit_level = 'commune' and unit_code = '28249'"""
        )
    load_police("one", DAY, [_person(1, "28249"), _person(2, "28261")])
    with pytest.raises(AuditError, match=rf"{DAY}: .*{RESIDENTS}: totals on current"):
        build_kpis()
    assert rows("select * from mart.kpi_value") == []


@pytest.mark.parametrize(("day", "code"), [(DAY, "21548"), (AFTER, "28255")])
def test_a_code_that_meant_nothing_on_the_date_is_set_aside(day: str, code: str) -> None:
    written = {"ngayHieuLuc": day, "capNhatLuc": f"{day}T08:00:00+07:00"}
    load_police("one", day, [_person(1, code, **written)])
    assert rows("select rule_codes from ops.quarantine") == [(["commune_code_known"],)]


@pytest.mark.parametrize(("day", "code"), [(DAY, "21548"), (AFTER, "28255")])
def test_a_code_in_core_that_meant_nothing_on_the_date_is_refused(day: str, code: str) -> None:
    """No rule lets one in; a list of units that was shortened afterwards would leave some."""
    written = {"ngayHieuLuc": day, "capNhatLuc": f"{day}T08:00:00+07:00"}
    load_police("one", day, [_person(1, "28249", **written)])
    with transaction(role="") as session:
        session.run("update core.police__resident set commune_code = :code", code=code)
    told = rf"{day}: .*{RESIDENTS} \({code}\) .* does not list for that day"
    with pytest.raises(AuditError, match=told):
        build_kpis()
    assert rows("select * from mart.kpi_value") == []
