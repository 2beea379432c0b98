-- Purpose:    let the loader refresh the planner's statistics of core, so that a day that follows a
--             first load at once is planned for the size the tables have.
-- Grain:      none.
-- Parameters: none.
-- Reads:      nothing.
--
-- The privilege came with PostgreSQL 17. On 16 the loader's ANALYZE is skipped with a warning, and
-- statistics come with autovacuum, a minute or so later.
do $$
begin
    if current_setting('server_version_num')::int >= 170000 then
        execute 'grant maintain on all tables in schema core to dean06_loader';
        execute 'alter default privileges in schema core grant maintain on tables to dean06_loader';
    end if;
end
$$
