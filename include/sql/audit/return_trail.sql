-- Purpose:    give the audit chain back to the service account for as long as `migrate` takes; then
--             include/sql/audit/own_trail.sql is run again.
-- Grain:      none (owners). Run by a superuser in the warehouse's database; without effect where
--             the chain was never given away.
-- Parameters: none.
-- Reads:      the catalogue.
-- Writes:     owners.
do $$
begin
    if exists (select from pg_roles where rolname = 'dean06_trail') then
        execute format(
            'reassign owned by dean06_trail to %I',
            (
                select pg_get_userbyid(datdba) from pg_database
                where datname = current_database()
            )
        );
    end if;
end
$$;
