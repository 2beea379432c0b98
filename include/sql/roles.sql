-- Purpose:    the roles that a restored warehouse grants to; they belong to the server, so a backup
--             of a database does not hold them.
-- Grain:      none.
-- Parameters: none.
-- Reads:      pg_roles.
do $$
declare
    role_name text;
begin
    foreach role_name in array array[
        'dean06_loader', 'dean06_steward', 'dean06_ui', 'dean06_bi', 'dean06_bi_province',
        'dean06_analyst'
    ] loop
        if not exists (select from pg_roles where rolname = role_name) then
            execute format('create role %I nologin', role_name);
        end if;
        execute format('grant %I to current_user', role_name);
    end loop;
    grant dean06_bi to dean06_analyst;
end
$$
