"""Every relation that a reader reaches: disclosed, made of what is, reference data, or persons.

The catalogue says what roles reach and what views stand on; this file says what each relation is.
A relation that is not listed fails, and so does a view that reads a table behind the disclosure
step.
"""

import re
from collections.abc import Iterator

import pytest

from dean06 import contract, settings
from dean06.privacy import readers
from dean06.schema import fact_views
from dean06.warehouse import transaction

pytestmark = pytest.mark.usefixtures("warehouse")

DISCLOSED = {
    "mart.kpi_value": [
        "disclosure/publish_missing.sql",
        "disclosure/publish_rounded.sql",
        "disclosure/publish_values.sql",
        "kpi_build/publish_country.sql",
    ],
    "mart.kpi_revision_cause": ["disclosure/publish_causes.sql"],
    "mart.correction_count": ["disclosure/publish_corrections.sql"],
    "mart.error_count": ["disclosure/publish_errors.sql"],
}
"""Tables with counts of persons, and the disclosure step's files, which alone write them."""
DERIVED = {
    f"mart.{name}"
    for name in (
        "campaign_throughput", "closed_period_value", "correction_league", "disagreement_count",
        "error_group_count", "kpi_history", "kpi_latest", "kpi_now", "kpi_now_unit",
        "kpi_now_value", "kpi_revision", "kpi_revision_reason", "kpi_standing", "kpi_status",
        "kpi_target_day",
        "kpi_target_progress", "kpi_tile", "period_comparison", "programme_league",
        "quality_index",
        "service_index", "service_index_total", "verdict_count",
    )
}  # fmt: skip
"""Views over disclosed counts and reference data."""
REFERENCE = {
    f"mart.{name}"
    for name in (
        "admin_unit_successor", "closed_period", "dim_admin_unit", "dim_campaign", "dim_date",
        "dim_error_group", "dim_member", "dim_procedure", "dim_service_metric", "error_group_code",
        "former_province", "kpi_compared_day", "kpi_definition", "kpi_publication", "kpi_target",
        "missing_reason", "not_compared_reason", "period_word", "procedure_code",
        "quality_weight", "service_assumption", "service_rule", "unit_now",
    )
}  # fmt: skip
"""No counts of persons: what include/reference and front matter say, and when was published."""
PERMISSIONS = {"mart.my_province": {"ops.province_reader"}}
"""Views of what a login may read, and the tables they read for it."""
PERSONS = {
    f"mart.{name}"
    for name in (
        "dim_person", "fact_dossier", "fact_eid_account", "fact_encounter",
        "fact_exam_registration", "fact_household", "fact_id_card", "fact_id_card_dossier",
        "fact_immunization", "fact_national_dossier", "fact_participant",
    )
}  # fmt: skip
"""Rows about individuals: personal data, for analysts only."""
TASKS = {
    f"mart.{name}"
    for name in (
        "fact_certified_copy", "fact_listed_procedure", "fact_national_count", "fact_petition",
        "fact_task",
    )
}  # fmt: skip
"""Rows without a person: tasks of the programme, counts that the national portal sends, what the
portal says of offices."""
DECLARED = {*DISCLOSED, *DERIVED, *REFERENCE, *PERMISSIONS, *PERSONS, *TASKS}


def reached(*roles: str) -> set[str]:
    """Relations of which the roles read anything."""
    return {
        grant.name if grant.kind == "relation" else grant.name.rsplit(".", 1)[0]
        for role in roles
        for grant in readers.reachable(role)
        if grant.kind in ("relation", "column")
    }


def read_by(view: str) -> set[str]:
    """Tables that a view stands on, through any views between."""
    with transaction(role="") as session:
        rows = session.rows(
            """
            with recursive stands_on (relation) as (
                select cast(to_regclass(:view) as oid)
                union
                select needed.refobjid
                from stands_on
                inner join pg_rewrite as rule on rule.ev_class = stands_on.relation
                inner join pg_depend as needed
                    on needed.objid = rule.oid and needed.refclassid = 'pg_class'::regclass
            )

            select space.nspname || '.' || class.relname as name
            from stands_on
            inner join pg_class as class on class.oid = stands_on.relation
            inner join pg_namespace as space on space.oid = class.relnamespace
            where class.relkind <> 'v'
            """,
            view=view,
        )
    return {row.name for row in rows}


def writers(table: str) -> Iterator[str]:
    """Files of dean06 that insert into a table."""
    statement = re.compile(rf"insert\s+into\s+{re.escape(table)}\b", re.IGNORECASE)
    for root in (settings.SQL, settings.PROJECT / "plugins"):
        for path in sorted(root.rglob("*")):
            if path.suffix in (".sql", ".py") and statement.search(path.read_text("utf-8")):
                yield path.relative_to(root).as_posix()


def test_every_relation_that_a_reader_reaches_is_declared() -> None:
    assert reached(readers.BI, readers.PROVINCIAL_BI, readers.ANALYST) == DECLARED


def test_persons_are_for_analysts_only() -> None:
    assert reached(readers.BI, readers.PROVINCIAL_BI) & (PERSONS | TASKS) == set()
    assert reached(readers.ANALYST) >= PERSONS | TASKS


def test_rows_about_persons_say_so_in_both_languages() -> None:
    with transaction(role="") as session:
        found = session.rows(
            """select cast(relation as text) as name,
                      obj_description(to_regclass(relation), 'pg_class') as comment
               from unnest(cast(:relations as text [])) as listed (relation)""",
            relations=sorted(DECLARED),
        )
    marked = {
        row.name
        for row in found
        if re.match(r"PERSONAL DATA: .*dean06_analyst.*\| DỮ LIỆU CÁ NHÂN: ", row.comment or "")
    }
    assert marked == PERSONS


def test_persons_are_what_the_contracts_classify_so() -> None:
    about_persons = {
        f"mart.{fact_views.relation_of(dataset)}"
        for dataset in contract.datasets()
        if {column.classification for column in dataset.columns} & {"personal", "sensitive"}
    }
    assert about_persons == PERSONS


@pytest.mark.parametrize("view", sorted(DERIVED))
def test_a_view_of_counts_reads_what_is_disclosed(view: str) -> None:
    tables = read_by(view)
    assert tables & DISCLOSED.keys()
    assert tables <= DISCLOSED.keys() | REFERENCE


@pytest.mark.parametrize("view", sorted(PERMISSIONS))
def test_a_view_of_permissions_reads_nothing_else(view: str) -> None:
    assert read_by(view) == PERMISSIONS[view]


@pytest.mark.parametrize("table", sorted(DISCLOSED))
def test_a_disclosed_table_is_written_by_its_step_alone(table: str) -> None:
    assert list(writers(table)) == DISCLOSED[table]


def test_a_view_behind_the_disclosure_step_is_found() -> None:
    with transaction(role="") as session:
        session.run("create view mart.peek as select count(*) as n from core.police__resident")
        session.run("grant select (n) on mart.peek to dean06_bi")
    assert reached(readers.BI) - DECLARED == {"mart.peek"}
    assert read_by("mart.peek") == {"core.police__resident"}
