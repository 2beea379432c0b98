"""Views and functions that were changed by hand are brought back to what their files say."""

import pytest

from tests.lib.made import as_owner, bring, run

pytestmark = pytest.mark.usefixtures("warehouse")
_OTHER_POLICY = """
    alter policy kpi_value_of_my_province on mart.kpi_value
    using (exists (select from mart.my_province))
"""
_OVERLOAD = """
    create function core.plain_name(name varchar) returns text language sql return 'x'
"""
_KNOWN = """
    select name, definition from (
        select c.oid::regclass::text as name, pg_get_viewdef(c.oid)
            || coalesce(c.reloptions::text, '')
            || array(select x::text from unnest(c.relacl) as x order by 1)::text
            || coalesce(obj_description(c.oid, 'pg_class'), '')
            || array(select coalesce(a.attacl::text, '')
                            || coalesce(col_description(c.oid, a.attnum), '')
                     from pg_attribute as a where a.attrelid = c.oid order by a.attnum)::text
            as definition
        from pg_class as c
        where relkind = 'v' and relnamespace::regnamespace::text in ('core', 'ops', 'mart')
        union all
        select p.oid::regprocedure::text, pg_get_functiondef(p.oid) || coalesce(
                   array(select x::text from unnest(p.proacl) as x order by 1), '{}')::text
        from pg_proc as p
        where p.pronamespace::regnamespace::text in ('ops', 'mart')
            or p.proname = 'plain_name'
        union all
        select tgname, pg_get_triggerdef(oid) || tgenabled::text from pg_trigger
        where not tgisinternal
        union all
        select polname, pg_get_expr(polqual, polrelid) from pg_policy
    ) as known order by name, definition
"""


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("drop view mart.service_index cascade", "mart.service_index"),
        ("drop function ops.purge_payloads(text)", "ops.purge_payloads"),
        ("drop function ops.refuse_reopening() cascade", "ops.refuse_reopening"),
        ("drop trigger published_load_is_final on ops.load", "ops.refuse_reopening"),
        ("alter table ops.load disable trigger published_load_is_final", "ops.refuse_reopening"),
        ("drop policy kpi_value_of_my_province on mart.kpi_value", "mart.my_province"),
        (_OTHER_POLICY, "mart.my_province"),
        ("grant select on ops.kpi_exact to dean06_bi", "ops.kpi_exact"),
        ("grant select (value) on ops.kpi_exact to dean06_bi", "ops.kpi_exact"),
        ("revoke select on mart.kpi_status from dean06_bi", "mart.kpi_status"),
        ("grant execute on function ops.is_over(text, text, text, timestamptz) to public",
         "ops.is_over"),
        ("alter view mart.kpi_latest set (security_invoker = false)", "mart.kpi_latest"),
        ("alter function ops.read_payload(bigint, bigint, text, text) security invoker",
         "ops.read_payload"),
        ("comment on view ops.needed_load is 'mine'", "ops.needed_load"),
        ("comment on column mart.kpi_latest.value is null", "mart.kpi_latest"),
        (
            "create or replace view ops.needed_load as select load_id from ops.load",
            "ops.needed_load",
        ),
        (_OVERLOAD, "core.plain_name"),
        ("drop view mart.fact_task; create view mart.fact_task as select 1 as one",
         "mart.fact_task"),
    ],
)  # fmt: skip
@pytest.mark.one_in(5)
def test_what_was_changed_by_hand_is_brought_back(change: str, name: str) -> None:
    before = as_owner(_KNOWN)
    run(*change.split("; "))
    assert as_owner(_KNOWN) != before
    assert name in bring()
    assert as_owner(_KNOWN) == before
    assert bring() == []
