"""Views and functions: one file each, brought to what it says and otherwise left alone."""

import re
from pathlib import Path

import pytest

from dean06.errors import WarehouseError
from dean06.schema import migrate, relations
from dean06.schema.relations import Relation
from dean06.warehouse import transaction
from tests.lib.made import MADE, SAID, as_owner, bring, edit, run, wanted

pytestmark = pytest.mark.usefixtures("warehouse")
OTHER_COLUMNS = ("    value.kpi_code,\n", "    1 as one,\n    value.kpi_code,\n")


def test_every_view_and_function_has_its_file_and_every_file_its_view_or_function() -> None:
    made = [name for _, name, *_ in as_owner(MADE)]
    with transaction(role="") as session:
        assert made == sorted(relation.name for relation in wanted(session))


@pytest.mark.parametrize("relation", relations.files(), ids=lambda relation: relation.name)
@pytest.mark.one_in(5)
def test_a_file_makes_its_relation_and_no_other(relation: Relation) -> None:
    with transaction(role="") as session:
        (there,) = [row for row in session.rows(MADE) if row.name == relation.name]
        described = session.one(
            f"select {'oid::regclass' if there.kind == 'view' else 'oid::regprocedure'}::text"
            f" from {'pg_class' if there.kind == 'view' else 'pg_proc'} where oid = {there.oid}"
        )
        session.run(f"drop {there.kind} {described[0]} cascade")
        before = {(row.kind, row.name) for row in session.rows(MADE)}
        session.script(relation.text)
        after = [(row.kind, row.name) for row in session.rows(MADE)]
        session.connection.rollback()
    assert sorted(set(after) - before) == [(there.kind, relation.name)]
    assert len(after) == len(before) + 1


def test_an_edited_view_is_changed_and_nothing_else_is_touched(sql_folder: Path) -> None:
    before = as_owner(MADE)
    edit(
        sql_folder / "mart/verdict_count.sql",
        "told.publication_id,\n",
        "told.publication_id + 0\n        as publication_id,\n",
    )
    migrate.migrate()
    after = as_owner(MADE)
    assert [row for row in before if row[1] != "mart.verdict_count"] == [
        row for row in after if row[1] != "mart.verdict_count"
    ]
    ((definition,),) = as_owner("select pg_get_viewdef('mart.verdict_count'::regclass)")
    assert "+ 0" in str(definition)
    applied = as_owner("select relation_name, applied_at from ops.applied_relation order by 1")
    migrate.migrate()
    assert as_owner(MADE) == after
    assert as_owner("select relation_name, applied_at from ops.applied_relation order by 1") == (
        applied
    )


def test_other_columns_bring_every_view_that_stands_on_it_back(sql_folder: Path) -> None:
    said = as_owner(SAID)
    edit(
        sql_folder / "mart/kpi_latest.sql",
        "    value.kpi_code,\n",
        "    1 as one,\n    value.kpi_code,\n",
    )
    made = bring()
    assert made[0] == "mart.kpi_latest"
    assert set(made) == {
        "mart.kpi_latest", "mart.campaign_throughput", "mart.disagreement_count",
        "mart.error_group_count", "mart.kpi_now", "mart.kpi_standing", "mart.kpi_status",
        "mart.kpi_target_progress", "mart.kpi_tile", "mart.programme_league", "mart.quality_index",
        "mart.verdict_count",
    }  # fmt: skip
    assert [row for row in as_owner(SAID) if row[0] != "mart.kpi_latest.one"] == said
    assert bring() == []


def test_somebodys_view_stops_a_change_of_columns_and_is_named(
    sql_folder: Path,
) -> None:
    run(
        "create schema desk",
        "create view desk.mine as select count(*) from mart.kpi_status",
        "create materialized view desk.kept as select * from mart.quality_index",
    )
    before = as_owner(MADE)
    edit(sql_folder / "mart/kpi_latest.sql", "'The latest", "'Newest")
    assert bring() == ["mart.kpi_latest"], "replaced: nothing had to be dropped"
    edit(
        sql_folder / "mart/kpi_latest.sql",
        "    value.kpi_code,\n",
        "    1 as one,\n    value.kpi_code,\n",
    )
    with pytest.raises(WarehouseError, match=r"kpi_latest.*view desk\.kept, view desk\.mine"):
        bring()
    assert [row[:3] for row in as_owner(MADE)] == [row[:3] for row in before]
    run("drop schema desk cascade")
    assert "mart.kpi_status" in bring()


def test_a_relation_without_a_file_goes(sql_folder: Path) -> None:
    before = as_owner(MADE)
    for name, text in {
        "told": "select 1 as one", "told_again": "select one from mart.told"
    }.items():  # fmt: skip
        (sql_folder / f"mart/{name}.sql").write_text(
            f"create or replace view mart.{name} as {text}"
        )
    assert bring() == ["mart.told", "mart.told_again"]
    run("create view public.mine as select * from mart.told_again")
    for name in ("told", "told_again"):
        (sql_folder / f"mart/{name}.sql").unlink()
    with pytest.raises(WarehouseError, match=r"mart\.told .*public\.mine"):
        bring()
    run("drop view public.mine")
    assert bring() == []
    assert as_owner(MADE) == before


def test_a_function_with_other_arguments_or_result_replaces_the_old_one(sql_folder: Path) -> None:
    path = sql_folder / "core/may_be_legacy.sql"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("(name text)", "(name varchar)").replace("(text)", "(varchar)"))
    assert bring() == ["core.may_be_legacy"]
    path.write_text(re.sub(r"\bname\b", "other", text))
    assert bring() == ["core.may_be_legacy"]
    assert as_owner(
        "select count(*) from pg_proc where proname = 'may_be_legacy'"
    ) == [(1,)]  # fmt: skip


def test_a_trigger_of_somebody_elses_is_not_dropped_in_passing(sql_folder: Path) -> None:
    run(
        "create table public.notes (note text)",
        "create trigger kept before delete on public.notes"
        " for each statement execute function ops.refuse_rewriting()",
    )
    path = sql_folder / "ops/refuse_rewriting.sql"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("refuse_rewriting()", "refuse_rewriting(why text default '')", 1))
    with pytest.raises(WarehouseError):
        bring()
    assert ("kept",) in as_owner("select tgname from pg_trigger where not tgisinternal")


def test_a_text_that_makes_something_else_is_refused(sql_folder: Path) -> None:
    (sql_folder / "mart/told.sql").write_text(
        "create or replace view mart.another as select 1 as one"
    )
    with pytest.raises(WarehouseError, match=r"mart\.told creates 0 views"):
        bring()


def test_what_postgresql_refuses_names_the_file(sql_folder: Path) -> None:
    (sql_folder / "mart/told.sql").write_text("create or replace view mart.told as select nothing")
    with pytest.raises(WarehouseError, match=r"^mart\.told: PostgreSQL error 42703"):
        bring()


def test_the_order_is_that_in_which_views_stand_on_each_other() -> None:
    needs = as_owner(
        """select distinct standing.ev_class::regclass::text, needed.refobjid::regclass::text
           from pg_rewrite as standing
           join pg_depend as needed on needed.objid = standing.oid
               and needed.refclassid = 'pg_class'::regclass
           join pg_class as known on known.oid = needed.refobjid and known.relkind = 'v'
           where needed.refobjid <> standing.ev_class
               and known.relnamespace::regnamespace::text in ('core', 'ops', 'mart')"""
    )
    with transaction(role="") as session:
        order = [relation.name for relation in relations.in_order(wanted(session))]
    assert len(needs) >= 12
    for standing, needed in needs:
        assert order.index(str(needed)) < order.index(str(standing))


def test_names_in_comments_and_strings_are_no_need_and_in_bodies_they_are() -> None:
    body = Relation(
        "ops.one", "create function ops.one() as $$ select ops.two() /* ops.three */ $$"
    )
    told = Relation("ops.two", "create view ops.two as select 'ops.one' -- ops.one")
    assert "ops.two" in body.names
    assert "ops.one" not in told.names - {told.name}
    assert [each.name for each in relations.in_order([body, told])] == ["ops.two", "ops.one"]


def test_a_circle_is_named() -> None:
    one = Relation("ops.one", "select from ops.two")
    two = Relation("ops.two", "select from ops.one")
    with pytest.raises(WarehouseError, match=r"ops\.(one|two) → ops\.(two|one) → ops\.(one|two)"):
        relations.in_order([one, two])


def test_roles_have_what_the_files_grant() -> None:
    granted = {
        (relation.name, role)
        for relation in relations.files()
        for roles in re.findall(rf"grant select on {relation.name} to ([^;]+);", relation.text)
        for role in re.split(r",\s*", roles)
    }
    has = as_owner(
        """select c.oid::regclass::text, x.grantee::regrole::text
           from pg_class as c, aclexplode(c.relacl) as x
           where c.relkind = 'v' and c.relnamespace::regnamespace::text in ('ops', 'mart')
               and x.grantee <> c.relowner and x.grantee::regrole::text not in
                   ('dean06_loader', 'dean06_steward', 'dean06_analyst')"""
    )
    assert granted == set(has)
    assert len(granted) > 20
