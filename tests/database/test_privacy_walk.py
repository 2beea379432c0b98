"""What readers of mart can reach: everything is named here, and one grant too many is found."""

import re

import pytest

from dean06 import contract
from dean06.privacy import readers
from dean06.warehouse import transaction
from tests.lib.loading import rows

pytestmark = pytest.mark.usefixtures("warehouse")

DIMENSIONS = (
    "admin_unit_successor", "dim_admin_unit", "dim_campaign", "dim_date", "dim_error_group",
    "dim_member", "dim_procedure", "dim_service_metric", "error_group_code", "former_province",
    "kpi_definition", "kpi_target", "missing_reason", "not_compared_reason", "period_word",
    "procedure_code", "quality_weight", "service_assumption", "service_rule", "unit_now",
)  # fmt: skip
VALUES = (
    "campaign_throughput", "closed_period_value", "correction_count", "correction_league",
    "disagreement_count", "error_count", "error_group_count", "kpi_compared_day", "kpi_history",
    "kpi_latest", "kpi_now", "kpi_now_unit", "kpi_now_value", "kpi_publication", "kpi_revision",
    "kpi_revision_cause", "kpi_revision_reason", "kpi_standing", "kpi_status", "kpi_target_day",
    "kpi_target_progress", "kpi_tile", "kpi_value", "period_comparison", "programme_league",
    "quality_index", "service_index", "service_index_total", "verdict_count",
)  # fmt: skip
FACTS = (
    "dim_person", "fact_certified_copy", "fact_dossier", "fact_eid_account", "fact_encounter",
    "fact_exam_registration", "fact_household", "fact_id_card", "fact_id_card_dossier",
    "fact_immunization", "fact_listed_procedure", "fact_national_count", "fact_national_dossier",
    "fact_participant", "fact_petition", "fact_task",
)  # fmt: skip
OF_NO_PROVINCE = (
    "closed_period_value", "correction_count", "correction_league", "error_count",
    "error_group_count", "kpi_revision", "kpi_revision_cause", "kpi_revision_reason",
)  # fmt: skip
PERIODS = {
    # What views of values compute their first days by; it reads nothing.
    "function mart.period_start(text,date,date): execute",
    # By how much rounding can move a share; it reads nothing.
    "function mart.share_off_by_at_most(numeric,numeric): execute",
    # Not who closed a period, and why.
    *(
        f"column mart.closed_period.{name}: select"
        for name in (
            "closing_id", "period", "first_day", "last_day", "publication_id", "closed_at",
        )
    ),
}  # fmt: skip
REACHABLE = {
    readers.BI: {
        "database: connect",
        "schema mart: usage",
        *PERIODS,
        *(f"relation mart.{name}: select" for name in (*DIMENSIONS, *VALUES)),
    },
    readers.PROVINCIAL_BI: {
        "database: connect",
        "schema mart: usage",
        *PERIODS,
        "relation mart.my_province: select",
        *(
            f"relation mart.{name}: select"
            for name in (*DIMENSIONS, *VALUES)
            if name not in OF_NO_PROVINCE
        ),
    },
}
REACHABLE[readers.ANALYST] = {
    *REACHABLE[readers.BI],
    "role dean06_bi: member",
    *(f"relation mart.{name}: select" for name in FACTS),
}


@pytest.mark.parametrize("role", REACHABLE)
def test_readers_reach_what_is_named_here_and_nothing_else(role: str) -> None:
    assert {str(grant) for grant in readers.reachable(role)} == REACHABLE[role]


@pytest.mark.parametrize("role", REACHABLE)
def test_no_column_they_reach_is_personal(role: str) -> None:
    personal = {
        column.name
        for dataset in contract.datasets()
        for column in dataset.columns
        if column.classification in ("personal", "sensitive")
    }
    assert {"personal_id", "full_name", "birth_date", "card_no"} <= personal
    seen = {
        (relation, column)
        for grant in readers.reachable(role)
        if grant.kind == "relation"
        for relation, column in rows(
            """select cast(:name as text), attname::text from pg_attribute
               where attrelid = to_regclass(:name) and attnum > 0 and not attisdropped""",
            name=grant.name,
        )
    }
    assert sorted(place for place in seen if place[1] in personal) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("grant select on core.police__resident to {role}", ""),  # without the schema: no harm
        ("grant usage on schema core to {role}", "schema core: usage"),
        (
            "grant usage on schema core to {role}; grant select on core.police__resident to {role}",
            "relation core.police__resident: select",
        ),
        (
            """grant usage on schema core to public;
               grant select (full_name) on core.police__resident to public""",
            "column core.police__resident.full_name: select",
        ),
        ("grant insert on mart.kpi_value to {role}", "relation mart.kpi_value: insert"),
        (
            """create view mart.people as select full_name from core.police__resident;
               grant select on mart.people to {role}""",
            "relation mart.people: select",
        ),
        ("grant create on schema mart to {role}", "schema mart: create"),
        (
            "alter default privileges in schema core grant select on tables to {role}",
            "default privilege core r: select",
        ),
        (
            """create function core.name_of() returns text language sql security definer
               return (select max(full_name) from core.police__resident)""",
            "function core.name_of(): execute as its owner",
        ),
        (
            "create function mart.peek() returns integer language sql return 1",
            "function mart.peek(): execute",
        ),
        (
            "create sequence mart.counter; grant usage on sequence mart.counter to public",
            "sequence mart.counter: usage",
        ),
    ],
)
@pytest.mark.parametrize("role", REACHABLE)
@pytest.mark.one_in(2)
def test_one_grant_too_many_is_found(role: str, statement: str, found: str) -> None:
    before = set(readers.reachable(role))
    with transaction(role="") as session:
        for part in re.split(r";\s*", statement.format(role=role)):
            session.run(part)
    told = {str(grant) for grant in set(readers.reachable(role)) - before}
    assert found in told or (told == set() and not found)


def test_becoming_somebody_else_is_found() -> None:
    with transaction(role="") as session:
        session.run("create role dean06_guest")
        session.run("grant dean06_steward to dean06_guest with inherit false, set true")
    try:
        told = {str(grant) for grant in readers.reachable("dean06_guest")}
    finally:  # roles belong to the server: they outlive the test's warehouse
        with transaction(role="") as session:
            session.run("drop role dean06_guest")
    assert told >= {"role dean06_steward: member", "default privilege core r: select"}


def test_a_grant_on_the_catalogue_is_found(superuser: str) -> None:
    """Statistics of columns hold values of them."""
    before = {str(grant) for grant in readers.reachable(readers.BI)}
    with transaction(role="") as session:
        assert session.one("select current_user as name").name == superuser
        session.run("grant select on pg_catalog.pg_statistic to dean06_bi")
        session.run("grant execute on function pg_read_file(text) to public")
    told = {str(grant) for grant in readers.reachable(readers.BI)} - before
    assert told == {"system pg_statistic: select", "system pg_read_file(text): execute"}


def test_a_relation_of_tomorrow_is_nobodys_to_read() -> None:
    with transaction(role="") as session:
        session.run("create table mart.tomorrow (personal_id text)")
    assert "mart.tomorrow" not in {grant.name for grant in readers.reachable(readers.BI)}
