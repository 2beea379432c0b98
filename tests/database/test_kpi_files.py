"""KPI files: what a new or changed one does to published days, and what is refused."""

import re
from pathlib import Path

import pytest

from dean06.errors import AuditError, ContractError
from dean06.kpi import family, release
from dean06.kpi.build import build_kpis
from dean06.warehouse import transaction
from tests.lib.builds import OCTOBER_30, OCTOBER_31, OFFICIAL, REASON, held_build, people, published
from tests.lib.loading import load_police, rows

pytestmark = pytest.mark.usefixtures("warehouse")
ALL_BUT_SOME = f"case when personal_id not like '%0' then '{OCTOBER_31}' end"
_FAMILY = """/*---
sources: [police]
counts: rows
kpis:
  - {{code: test.people, version: {version}, name_en: P, name_vi: N, unit: person, grain: commune,
     additivity: additive, has_denominator: false, period: day, owner_agency: A, legal_basis: L,
     formula_en: f, formula_vi: f, {extra}}}
---*/
select 'test.people' as kpi_code, commune_code, true as is_counted, effective_on as counts_from,
    cast({until} as date) as counts_to, updated_at::date as written_on,
    'police.resident' as dataset_code, personal_id as record_key
from core.police__resident where _is_current and {where}
"""


def write_family(
    folder: Path, where: str, extra: str = "", version: int = 1, until: str = "null"
) -> None:
    """One KPI that counts the residents for whom ``where`` holds, until a day."""
    text = _FAMILY.format(where=where, extra=extra, version=version, until=until)
    (folder / "people.sql").write_text(text, encoding="utf-8")
    family.families.cache_clear()
    with transaction(role="") as session:
        family.store_definitions(session)


def test_a_cumulative_series_that_falls_without_a_reason_is_held(folder: Path) -> None:
    write_family(folder, "true", "is_cumulative: true", until=f"'{OCTOBER_31}'")
    load_police("one", OCTOBER_30, people(10))
    build_kpis()
    load_police("two", OCTOBER_31, people(1, trangThai="da_chuyen_di"))
    # Nobody is counted on the next day, though nobody was corrected before it.
    write_family(folder, "true", "is_cumulative: true", version=2, until=ALL_BUT_SOME)
    built = {str(each.day): each.state for each in build_kpis()}
    assert built[OCTOBER_31] == "held"
    rules = {rule for (rule,) in rows("select rule_code from ops.kpi_audit_result")}
    assert rules == {"cumulative_falls_with_reason"}


def test_from_day_to_day_a_value_changes_no_more_than_its_definition_allows(folder: Path) -> None:
    write_family(folder, "true", "daily_change: 0.05", until=ALL_BUT_SOME)
    load_police("one", OCTOBER_30, people(100))
    load_police("two", OCTOBER_31, [])
    states = {str(each.day): each.state for each in build_kpis()}
    assert states == {OCTOBER_30: "published", OCTOBER_31: "held"}
    assert rows("select rule_code from ops.kpi_audit_result") == [("daily_change_within_bounds",)]


def test_a_new_definition_is_a_cause(folder: Path) -> None:
    write_family(folder, "true")
    load_police("one", OCTOBER_31, people(100))
    build_kpis()
    write_family(folder, "personal_id not like '%0'", version=2)
    load_police("two", OCTOBER_31, [])
    build_kpis()
    assert published(code="test.people") == [100, 90]
    assert rows("select cause from mart.kpi_revision_cause") == [("changed_definition",)]


def test_existing_days_are_built_by_a_changed_definition_at_once(folder: Path) -> None:
    write_family(folder, "true")
    load_police("one", OCTOBER_30, people(100))
    load_police("two", OCTOBER_31, [])
    build_kpis()
    write_family(folder, "personal_id not like '%0'", version=2)
    assert [(str(b.day), b.state) for b in build_kpis()] == [
        (OCTOBER_30, "published"), (OCTOBER_31, "published"),
    ]  # fmt: skip
    assert published(OCTOBER_30, "test.people") == [100, 90]
    assert published(OCTOBER_31, "test.people") == [100, 90]
    assert rows("select distinct cause from mart.kpi_revision_cause") == [("changed_definition",)]
    reasons = "select reason from mart.kpi_publication order by publication_id"
    assert [reason for (reason,) in rows(reasons)] == [
        *["first publication of the day"] * 2, *["new or changed definitions of KPIs"] * 2,
    ]  # fmt: skip
    assert build_kpis() == []


def test_mended_words_are_shown_and_restate_nothing(folder: Path) -> None:
    write_family(folder, "true")
    load_police("one", OCTOBER_31, people(3))
    build_kpis()
    file = folder / "people.sql"
    text = file.read_text(encoding="utf-8")
    mended = re.sub(r"name_vi: [^,\n]+", "name_vi: Nhân khẩu", text)
    assert mended != text
    file.write_text(mended, encoding="utf-8")
    family.families.cache_clear()
    with transaction(role="") as session:
        family.store_definitions(session)
    assert build_kpis() == []
    shown = "select distinct name_vi from mart.kpi_latest where kpi_code = 'test.people'"
    assert rows(shown) == [("Nhân khẩu",)]


def test_existing_days_are_built_for_a_new_kpi_at_once(folder: Path) -> None:
    write_family(folder, "true")
    load_police("one", OCTOBER_30, people(10))
    load_police("two", OCTOBER_31, people(1, first=10))
    build_kpis()
    text = (folder / "people.sql").read_text(encoding="utf-8")
    (folder / "more.sql").write_text(text.replace("test.people", "test.more"), encoding="utf-8")
    family.families.cache_clear()
    with transaction(role="") as session:
        family.store_definitions(session)
    assert [str(built.day) for built in build_kpis()] == [OCTOBER_30, OCTOBER_31]
    for day in (OCTOBER_30, OCTOBER_31):
        assert published(day, "test.more") == [11]
        assert published(day, "test.people") == [11, 11]
    revised = "select distinct kpi_code, numerator_before, causes from mart.kpi_revision"
    assert rows(revised) == [("test.more", None, "changed_definition 0")]
    assert build_kpis() == []


def test_a_day_that_waits_for_a_decision_is_built_by_a_changed_definition(folder: Path) -> None:
    write_family(folder, "true", "daily_change: 0.05", until=ALL_BUT_SOME)
    load_police("one", OCTOBER_30, people(100))
    load_police("two", OCTOBER_31, [])
    build_kpis()
    before = held_build()
    assert build_kpis() == []
    write_family(folder, "true", "daily_change: 0.04", version=2, until=ALL_BUT_SOME)
    assert [str(built.day) for built in build_kpis()] == [OCTOBER_30, OCTOBER_31]
    assert held_build() > before
    assert build_kpis() == []


def test_a_query_that_divides_by_zero_is_refused_by_file(folder: Path) -> None:
    write_family(folder, "1 / (length(personal_id) - 12) > 0")
    load_police("one", OCTOBER_31, people(1))
    with pytest.raises(AuditError, match=r"kpi/people\.sql: PostgreSQL error 22012") as refused:
        build_kpis()
    assert "08219" not in str(refused.value)
    assert rows("select * from mart.kpi_publication") == []


def test_a_ceiling_that_nobody_defines_is_refused(folder: Path) -> None:
    with pytest.raises(
        ContractError, match=r"people\.sql: KPI test\.people: no file defines .* test\.noth"
    ):
        write_family(folder, "true", "ceiling: test.nothing")


def test_a_change_that_nothing_explains_is_held(folder: Path) -> None:
    """As when reference data was edited: no record of what the KPI reads has come."""
    front, _, _ = _FAMILY.format(where="true", extra="", version=1, until="null").partition("---*/")
    (folder / "members.sql").write_text(
        front.replace("test.people", "test.members") + "---*/ select 'test.members' as kpi_code, "
        "'28249' as commune_code, true as is_counted, date '2022-01-01' as counts_from, "
        "null::date as counts_to, date '2022-01-01' as written_on, 'test' as dataset_code, "
        "member_code as record_key from mart.dim_member where breakdown = 'test'",
        encoding="utf-8",
    )
    one_more = "insert into mart.dim_member values ('test', :code, 'One', 'Một', 1)"
    write_family(folder, "true")
    with transaction(role="") as session:
        session.run(one_more, code="1")
    load_police("one", OCTOBER_31, people(100))
    build_kpis()
    with transaction(role="") as session:
        session.run(one_more, code="2")
    load_police("two", OCTOBER_31, people(1, first=100))
    (built,) = build_kpis()
    assert built.state == "published"  # only what reads residents was computed anew
    load_police("three", OCTOBER_31, people(80, first=101))
    build_kpis()
    release.reject(held_build(), OFFICIAL, REASON)
    load_police("four", OCTOBER_31, people(1, first=181))
    build_kpis()  # after a rejection everything is
    assert rows(
        """select kpi_codes from ops.kpi_audit_result where rule_code = 'change_is_explained'
           and build_id = :build""",
        build=held_build(),
    ) == [(["test.members"],)]
