-- Purpose:    one schema per layer, who may enter it, and what the loader and the steward may do
--             with its future tables. Readers of mart get what is named for them, nothing by
--             default. The roles themselves are in include/sql/roles.sql.
-- Grain:      none (structure only).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     schemas ops, staging, core, mart; extension pg_trgm.
create schema if not exists ops;
create schema if not exists staging;
create schema if not exists core;
create schema if not exists mart;

comment on schema ops is
'What happened: loads, watermarks, quarantine, validation results. | Sổ vận hành.';
comment on schema staging is
'Text as received, one table per load, dropped when published. | Dữ liệu thô chờ kiểm tra.';
comment on schema core is
'Typed records with history; holds identities. | Dữ liệu lõi, có định danh cá nhân.';
comment on schema mart is
'Dimensions and KPI values without identities: all that BI reads. | Lớp khai thác.';

revoke all on schema public from public;
grant usage on schema ops, core, mart to dean06_loader;
grant usage, create on schema staging to dean06_loader;
grant usage on schema ops, core, mart to dean06_steward;
grant usage on schema ops to dean06_ui;
grant usage on schema mart to dean06_bi, dean06_bi_province;

alter default privileges in schema ops
grant select, insert, update, delete on tables to dean06_loader;
alter default privileges in schema ops grant usage on sequences to dean06_loader;
alter default privileges in schema ops grant select on tables to dean06_steward;
alter default privileges in schema core
grant select, insert, update on tables to dean06_loader;
alter default privileges in schema core grant select on tables to dean06_steward;
-- No update or delete in mart: publications are append-only.
alter default privileges in schema mart grant select, insert on tables to dean06_loader;
alter default privileges in schema mart grant usage on sequences to dean06_loader;
alter default privileges in schema mart grant select on tables to dean06_steward;

-- The privilege came with PostgreSQL 17: the loader keeps the planner's statistics of core, so that
-- a day that follows a first load is planned for the size the tables have. On 16 its ANALYZE is
-- skipped with a warning, and statistics come with autovacuum.
do $$
begin
    if current_setting('server_version_num')::int >= 170000 then
        execute 'alter default privileges in schema core grant maintain on tables to dean06_loader';
    end if;
end
$$;

-- pg_trgm may be there already, in any schema.
create extension if not exists pg_trgm with schema core;
