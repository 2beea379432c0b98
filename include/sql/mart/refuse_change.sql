-- Purpose:    keep publications append-only.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.refuse_change; triggers of mart.kpi_value, mart.kpi_publication,
--             mart.kpi_revision_cause, mart.closed_period, mart.kpi_definition (never deleted),
--             ops.kpi_withheld.
create or replace function mart.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'publications are append-only: publish a new one instead'
        using errcode = '55000';
end
$$;

comment on function mart.refuse_change() is 'Keeps publications append-only.';

create or replace trigger kpi_value_is_append_only before update or delete
on mart.kpi_value for each statement execute function mart.refuse_change();
create or replace trigger kpi_publication_is_append_only before update or delete
on mart.kpi_publication for each statement execute function mart.refuse_change();
create or replace trigger kpi_revision_cause_is_append_only before update or delete
on mart.kpi_revision_cause for each statement execute function mart.refuse_change();
create or replace trigger closed_period_is_append_only before update or delete
on mart.closed_period for each statement execute function mart.refuse_change();
create or replace trigger kpi_definition_is_kept before delete
on mart.kpi_definition for each statement execute function mart.refuse_change();
create or replace trigger kpi_withheld_is_append_only before update or delete
on ops.kpi_withheld for each statement execute function mart.refuse_change();

revoke execute on function mart.refuse_change() from public;
