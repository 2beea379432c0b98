-- Purpose:    walls that a reader cannot go past by taking on another role or by looking at the
--             planner's estimates.
-- Grain:      none (structure only).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.kpi_value; policy kpi_revision_cause_is_written of mart.kpi_revision_cause;
--             policy kpi_revision_cause_is_read of mart.kpi_revision_cause.

-- Readers have policies of their own (include/sql/mart/my_province.sql).
alter policy kpi_value_is_read on mart.kpi_value to dean06_loader, dean06_steward;

alter table mart.kpi_revision_cause enable row level security;
create policy kpi_revision_cause_is_written on mart.kpi_revision_cause
for insert to dean06_loader with check (true);
create policy kpi_revision_cause_is_read on mart.kpi_revision_cause
for select to dean06_loader, dean06_steward using (true);

-- EXPLAIN shows everybody what the planner knows of a table, rows of other provinces included. It
-- knows nothing of values then; how many rows a province has is no secret.
alter table mart.kpi_value alter column numerator set statistics 0;
alter table mart.kpi_value alter column denominator set statistics 0;
alter table mart.kpi_value alter column value set statistics 0;

-- What it has learned before, where the server can forget single columns.
do $$
begin
    if current_setting('server_version_num')::int >= 180000 then
        perform pg_clear_attribute_stats('mart', 'kpi_value', forgotten.name, false)
        from unnest(array['numerator', 'denominator', 'value']) as forgotten (name);
    end if;
end
$$;
