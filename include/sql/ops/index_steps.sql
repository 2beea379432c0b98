-- Purpose:    take the index of the kept steps of KPIs away while they are counted for the first
--             time, and make it when they are: kept up row by row it takes a third of the time of
--             counting. It runs as the owner: a loader owns none.
-- Grain:      one index. It is taken from an empty table only.
-- Parameters: is_wanted: whether the index is to be there.
-- Reads:      ops.kpi_step.
-- Writes:     ops.index_steps, kpi_step_is_kept_once.
create or replace function ops.index_steps(is_wanted boolean) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set maintenance_work_mem = '256MB' as $$
begin
    if is_wanted then
        if not exists (
            select from pg_constraint
            where conrelid = 'ops.kpi_step'::regclass and conname = 'kpi_step_is_kept_once'
        ) then
            alter table ops.kpi_step add constraint kpi_step_is_kept_once
            unique nulls not distinct (
                family, day, place_code, kpi_code, falls_from, era, members
            );
        end if;
    elsif not exists (select from ops.kpi_step) then
        alter table ops.kpi_step drop constraint if exists kpi_step_is_kept_once;
    end if;
end
$$;

comment on function ops.index_steps(boolean) is
'Makes the index of kept steps, or takes it from a table of steps that is empty.';

revoke all on function ops.index_steps(boolean) from public;
grant execute on function ops.index_steps(boolean) to dean06_loader;
