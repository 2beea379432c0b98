-- Purpose:    who may connect to this database and make temporary objects in it: the roles of
--             dean06, and nobody because they have a login. It belongs to the database: a backup
--             does not hold it.
-- Grain:      none.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     privileges of the database.
do $$
begin
    execute format('revoke connect, temporary on database %I from public', current_database());
    execute format(
        'grant connect on database %I to dean06_loader, dean06_steward, dean06_ui, dean06_bi, '
        'dean06_bi_province, dean06_analyst', current_database()
    );
    execute format('grant temporary on database %I to dean06_loader', current_database());
end
$$;
