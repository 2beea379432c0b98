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
    -- Large objects need no privilege on any table, and stay.
    for found in
        select proc.oid::regprocedure as name
        from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            and proc.proname in ('lo_creat', 'lo_create', 'lo_from_bytea')
    loop
        execute format('revoke execute on function %s from public', found.name);
    end loop;
    -- Who holds the pipeline's locks stops loads, builds and alerts, for as long as they like.
    for found in
        select proc.oid::regprocedure as name
        from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            and proc.proname ~ '^pg_(try_)?advisory.(xact.)?lock'
    loop
        execute format('revoke execute on function %s from public', found.name);
        execute format(
            'grant execute on function %s to dean06_loader, dean06_ui, %I', found.name, service
        );
    end loop;
    -- How many rows each table has and had, also those of core.
    for found in
        select class.oid::regclass as name
        from pg_class as class
        where
            class.relnamespace = 'pg_catalog'::regnamespace
            and class.relkind = 'v'
            and class.relname ~ '^pg_stat(io)?_(xact_)?(all|sys|user)_'
    loop
        execute format('revoke select on %s from public', found.name);
        execute format('grant select on %s to pg_read_all_stats, %I', found.name, service);
    end loop;
    for found in
        select proc.oid::regprocedure as name
        from pg_proc as proc
        where
            proc.pronamespace = 'pg_catalog'::regnamespace
            and proc.proname ~ '^pg_stat_get_(xact_)?(.*tuples|numscans|blocks|mod_since|ins_since)'
    loop
        execute format('revoke execute on function %s from public', found.name);
        execute format('grant execute on function %s to pg_read_all_stats, %I', found.name, service);
    end loop;
end
$$
