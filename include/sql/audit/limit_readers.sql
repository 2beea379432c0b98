-- Purpose:    bounds for people who log in to this warehouse themselves: how long a statement runs,
--             how much it spills, how many sessions a login has, no large objects, no advisory
--             locks, no statistics of tables they do not reach.
-- Grain:      none (settings and privileges of the database and of logins). Run by a superuser, in
--             the warehouse's database; again after the database was made again, or a login was
--             added.
-- Parameters: none.
-- Reads:      the catalogue.
-- Writes:     settings and privileges.
do $$
declare
    service name;
    found record;
begin
    select pg_get_userbyid(datdba) into service from pg_database where datname = current_database();
    -- Settings of a group do not reach its members; those of the database reach everybody. How long
    -- a statement runs is a reader's to change, how much it spills is not.
    for found in
        select * from (values
            ('statement_timeout', '5min', '0'),
            ('idle_in_transaction_session_timeout', '10min', '0'),
            ('temp_file_limit', '2GB', '-1')
        ) as bound (name, of_readers, of_service)
    loop
        execute format(
            'alter database %I set %I = %L', current_database(), found.name, found.of_readers
        );
        execute format(
            'alter role %I in database %I set %I = %L',
            service, current_database(), found.name, found.of_service
        );
    end loop;
    for found in
        select distinct login.rolname
        from pg_roles as login
        inner join pg_auth_members as membership on login.oid = membership.member
        inner join pg_roles as reader on membership.roleid = reader.oid
        where
            login.rolcanlogin and not login.rolsuper and login.rolconnlimit = -1
            and login.rolname <> service
            and reader.rolname in (
                'dean06_bi', 'dean06_bi_province', 'dean06_analyst', 'dean06_steward'
            )
    loop
        execute format('alter role %I connection limit 20', found.rolname);
    end loop;
    for found in
        -- Large objects need no privilege on any table, and stay. Nobody makes any.
        select
            'execute on function ' || proc.oid::regprocedure as privilege,
            null as roles
        from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            -- Nor does a message in the write-ahead log, which fills disk and archive.
            and proc.proname in (
                'lo_creat', 'lo_create', 'lo_from_bytea', 'pg_logical_emit_message'
            )
        union all
        -- Who holds the pipeline's locks stops loads, builds and alerts, for as long as they like.
        select
            'execute on function ' || proc.oid::regprocedure as privilege,
            'dean06_loader, dean06_ui' as roles
        from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            and proc.proname ~ '^pg_(try_)?advisory.(xact.)?lock'
        union all
        -- How many rows each table has and had, also those of core.
        select
            'select on ' || class.oid::regclass as privilege,
            'pg_read_all_stats' as roles
        from pg_class as class
        where
            class.relnamespace = 'pg_catalog'::regnamespace
            and class.relkind = 'v'
            and class.relname ~ '^pg_stat(io)?_(xact_)?(all|sys|user)_'
        union all
        select
            'execute on function ' || proc.oid::regprocedure as privilege,
            'pg_read_all_stats' as roles
        from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            and proc.proname ~ '^pg_stat_get_(xact_)?(.*tuples|numscans|blocks|mod_since|ins_since)'
    loop
        execute format('revoke %s from public', found.privilege);
        if found.roles is not null then
            execute format('grant %s to %s, %I', found.privilege, found.roles, service);
        end if;
    end loop;
end
$$
