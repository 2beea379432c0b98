-- Purpose:    take values and causes in the transaction that makes their build of KPIs only: two
--             persons release what was held, nothing that was added later.
-- Grain:      none (trigger function, once a statement).
-- Parameters: none.
-- Reads:      ops.kpi_build.
-- Writes:     ops.only_with_their_build; triggers of ops.kpi_build_cause, ops.kpi_build_value.
create or replace function ops.only_with_their_build() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from added
        inner join ops.kpi_build on added.build_id = kpi_build.build_id
        where kpi_build.made_in is distinct from pg_current_xact_id()
    ) then
        raise exception 'no values can be added to a complete build' using errcode = '55000';
    end if;
    return null;
end
$$;

comment on function ops.only_with_their_build() is
'Takes values and causes in the transaction that makes their build only.';

create or replace trigger kpi_build_value_comes_with_its_build after insert on ops.kpi_build_value
referencing new table as added
for each statement execute function ops.only_with_their_build();
create or replace trigger kpi_build_cause_comes_with_its_build after insert on ops.kpi_build_cause
referencing new table as added
for each statement execute function ops.only_with_their_build();
