-- Purpose:    the roles that the warehouse grants to. They belong to the server, not to a database:
--             another database may have them already, and a backup does not hold them.
-- Grain:      none.
-- Parameters: none.
-- Reads:      pg_roles.
-- Writes:     roles that are missing, and memberships that are.
do $$
declare
    needed record;
begin
    for needed in
        select * from (values
            ('dean06_loader', 'Runs the daily sync: core, ops, mart.'),
            ('dean06_steward', 'Reads core and quarantine to correct records; cannot write.'),
            ('dean06_ui', 'The pages inside Airflow: ledger and mart, no identities.'),
            ('dean06_bi', 'Reads mart, and nothing else.'),
            ('dean06_bi_province', 'Reads mart, the rows of those provinces that its login is '
                'assigned to (ops.province_reader).'),
            ('dean06_analyst', 'Reads mart and its facts: rows about individuals, joined by '
                'token.')
        ) as listed (role_name, purpose)
    loop
        if not exists (select from pg_roles where rolname = needed.role_name) then
            execute format('create role %I nologin', needed.role_name);
            execute format('comment on role %I is %L', needed.role_name, needed.purpose);
        end if;
        if not pg_has_role(needed.role_name, 'set') then
            execute format('grant %I to current_user', needed.role_name);
        end if;
    end loop;
    for needed in
        select * from (values
            ('dean06_ui', 'dean06_bi'),
            ('dean06_analyst', 'dean06_bi')
        ) as listed (role_name, includes)
    loop
        if not pg_has_role(needed.role_name, needed.includes, 'member') then
            execute format('grant %I to %I', needed.includes, needed.role_name);
        end if;
    end loop;
end
$$;
