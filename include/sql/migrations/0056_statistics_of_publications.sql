-- Purpose:    the loader keeps the planner's statistics of what it publishes, as it does of core
--             (0001): the first pages after the first publication are planned for the values that
--             are there. On PostgreSQL 16 its ANALYZE is skipped with a warning.
-- Grain:      none.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     privileges of the loader.
do $$
begin
    if current_setting('server_version_num')::int >= 170000 then
        execute 'grant maintain on mart.kpi_value to dean06_loader';
        execute 'grant maintain on mart.kpi_publication to dean06_loader';
    end if;
end
$$;
