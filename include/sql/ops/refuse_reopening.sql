-- Purpose:    keep published loads, builds of KPIs that wait no longer, and what a build holds, as
--             they are. A rejected build that waited again would be published: who rejected it
--             counts as its second person.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.refuse_reopening; triggers of ops.kpi_build, ops.kpi_build_cause,
--             ops.kpi_build_value, ops.load.
create or replace function ops.refuse_reopening() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'published loads and decided builds cannot be changed' using errcode = '55000';
end
$$;

comment on function ops.refuse_reopening() is
'Keeps published loads, builds that wait no longer, and what a build holds, as they are.';

create or replace trigger published_load_is_final before update or delete on ops.load
for each row when (old.status = 'published') execute function ops.refuse_reopening();
create or replace trigger ended_build_is_final before update or delete on ops.kpi_build
for each row when (old.state <> 'held') execute function ops.refuse_reopening();
create or replace trigger kpi_build_value_is_final before update or delete or truncate
on ops.kpi_build_value for each statement execute function ops.refuse_reopening();
create or replace trigger kpi_build_cause_is_final before update or delete or truncate
on ops.kpi_build_cause for each statement execute function ops.refuse_reopening();
