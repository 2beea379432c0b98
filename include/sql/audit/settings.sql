-- Purpose:    whether the server logs the statements of everybody but the service account.
-- Grain:      one row.
-- Parameters: none.
-- Reads:      pg_db_role_setting, pg_database.
-- Writes:     nothing.
select
    coalesce(bool_or(
        setting.setrole = 0 and 'log_statement=all' = any(setting.setconfig)
    ), false) as is_logged,
    (
        select string_agg(distinct quiet.rolname, ', ')
        from pg_db_role_setting as other
        inner join pg_roles as quiet on other.setrole = quiet.oid
        cross join lateral unnest(other.setconfig) as given (value)
        where
            other.setdatabase in (0, pg_database.oid)
            and given.value ~ '^log_statement='
            and given.value <> 'log_statement=all'
            and other.setrole <> pg_database.datdba
    ) as unlogged_roles
from pg_database
left join pg_db_role_setting as setting on pg_database.oid = setting.setdatabase
where pg_database.datname = current_database()
group by pg_database.oid, pg_database.datdba
