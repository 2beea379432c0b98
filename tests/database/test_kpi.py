"""KPI families: breakdowns are shown whole, contradictions are refused, N/A is not 0."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dean06.errors import AuditError, ContractError
from dean06.kpi import family
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.lib.loading import load_police, resident, rows
from tests.lib.pages import Person, pages_for

pytestmark = pytest.mark.usefixtures("warehouse")
DAY = "2022-10-31"
_FRONT = """/*---
sources: [police]
counts: rows
kpis:
  - {{code: test.people, version: 1, name_en: People, name_vi: Người, unit: {unit}, grain: {grain},
     additivity: {sum}, has_denominator: {shared}, period: day, owner_agency: A, legal_basis: L,
     formula_en: f, formula_vi: f, breakdowns: [sex]}}
---*/
"""
_QUERY = """
select 'test.people' as kpi_code, commune_code, {counted} as is_counted,
       array[{members}] as members, effective_on as counts_from, null::date as counts_to,
       updated_at::date as written_on, 'police.resident' as dataset_code, personal_id as record_key
from core.police__resident where _is_current
"""


def _family(
    folder: Path,
    members: str = "'sex:' || sex_code",
    counted: str = "true",
    unit: str = "person",
    grain: str = "commune",
) -> None:
    shared = unit == "share"
    text = _FRONT.format(
        unit=unit, grain=grain, shared=str(shared).lower(), sum="ratio" if shared else "additive"
    )
    text += _QUERY.format(members=members, counted=counted)
    (folder / "people.sql").write_text(text, encoding="utf-8")
    family.families.cache_clear()
    with transaction(role="") as session:
        family.store_definitions(session)
        session.run(
            """insert into mart.dim_member values
               ('sex', '1', 'Male', 'Nam', 1), ('sex', '2', 'Female', 'Nữ', 2),
               ('sex', '3', 'Unknown', 'Không rõ', 3)"""
        )


def _person(number: int, sex: str) -> dict[str, Any]:
    return resident(soDinhDanh=f"08219000000{number}", gioiTinh=sex)


def _published() -> list[tuple[object, ...]]:
    return rows(
        """select breakdown, member_code, unit_level, numerator, denominator, value
           from mart.kpi_latest
           where boundary_version = 'as_reported' and (unit_level = 'province' or numerator > 0)
           order by breakdown, member_code, unit_level desc"""
    )


def test_members_add_up_and_the_unseen_ones_are_zero(folder: Path) -> None:
    _family(folder)
    people = [_person(1, "1"), _person(2, "1"), _person(3, "2")]
    load_police("one", DAY, people)
    build_kpis()
    assert _published() == [
        ("", "", "province", 3, None, 3),
        ("", "", "commune", 3, None, 3),
        ("sex", "1", "province", 2, None, 2),
        ("sex", "2", "province", 1, None, 1),
        ("sex", "3", "province", 0, None, 0),
    ]


def test_the_page_of_a_kpi_shows_a_breakdown_of_an_installation_by_its_code(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _family(folder)
    load_police("one", DAY, [_person(1, "1")])
    build_kpis()
    found = TestClient(pages_for(monkeypatch, Person("lan"))).get("/kpis/test.people?lang=en")
    assert found.status_code == 200
    assert '<h2 id="by-sex">By sex</h2>' in found.text


def test_a_share_of_nothing_is_not_applicable(folder: Path) -> None:
    _family(folder, counted="sex_code = '2'", unit="share")
    load_police("one", DAY, [_person(1, "1"), _person(2, "2")])
    build_kpis()
    assert _published()[0] == ("", "", "province", 1, 2, 0.5)
    assert _published()[-1] == ("sex", "3", "province", 0, 0, None)


def test_members_that_do_not_add_up_are_refused(folder: Path) -> None:
    _family(folder, members="case when sex_code = '1' then 'sex:1' end")
    load_police("one", DAY, [_person(1, "1"), _person(2, "2")])
    with pytest.raises(AuditError, match=r"do not add up .*test\.people: values by sex"):
        build_kpis()
    assert rows("select * from mart.kpi_publication") == []


def test_grain_and_location_must_agree(folder: Path) -> None:
    with pytest.raises(
        ContractError, match=r"people\.sql: KPI test\.people: grain must equal located_by \(commune"
    ):
        _family(folder, grain="province")
