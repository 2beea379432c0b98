-- Purpose:    one schema per layer, and the three roles that may enter them.
-- Grain:      none (structure only).
-- Parameters: none.
-- Reads:      pg_roles.
--
-- Roles belong to the server, not to the database, so another database may have made them already.
do $$
declare
    role_name text;
begin
    foreach role_name in array array['dean06_loader', 'dean06_steward', 'dean06_bi'] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
        end if;
        execute format('grant %I to current_user', role_name);
    end loop;
end
$$;

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

comment on role dean06_loader is 'Runs the daily sync: staging, core, ops, mart.';
comment on role dean06_steward is 'Reads core and quarantine to mend records; changes nothing.';
comment on role dean06_bi is 'Reads mart, and nothing else.';

revoke all on schema public from public;
grant usage on schema ops, core, mart to dean06_loader;
grant usage, create on schema staging to dean06_loader;
grant usage on schema ops, core, mart to dean06_steward;
grant usage on schema mart to dean06_bi;

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
alter default privileges in schema mart grant select on tables to dean06_steward, dean06_bi;
