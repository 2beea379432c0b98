-- Purpose:    have the server log every statement of everybody who logs in to this warehouse, but
--             of its service account, which writes down itself what it shows to whom. Who reads
--             cannot switch it off, and what is in the log is not undone by a rollback.
-- Grain:      none (settings of the database). Run by a superuser, in the warehouse's database;
--             again after the database was created again.
-- Parameters: none.
-- Reads:      pg_database.
-- Writes:     settings of the database.
do $$
declare
    service name;
begin
    select pg_get_userbyid(datdba) into service from pg_database where datname = current_database();
    execute format('alter database %I set log_statement = ''all''', current_database());
    -- Refusals too. Their messages may quote values, and so may statements: the log is restricted.
    execute format('alter database %I set log_min_messages = ''error''', current_database());
    execute format('alter database %I set log_parameter_max_length = 0', current_database());
    execute format(
        'alter role %I in database %I set log_statement = ''none''', service, current_database()
    );
    execute format(
        'alter role %I in database %I set log_min_messages = ''log''', service, current_database()
    );
end
$$
