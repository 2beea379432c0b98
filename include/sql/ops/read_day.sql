-- Purpose:    record that somebody reads exact numbers of KPIs of a day, and why, before any is
--             shown. It runs as the owner: nobody writes readings past it.
-- Grain:      one row: the provinces whose numbers the reader may see; null: all of them.
-- Parameters: which_day; which_boundaries; which_unit, a unit or empty; which_kpis, what the codes
--             begin with; who, why: the reader.
-- Reads:      ops.province_reader.
-- Writes:     ops.read_day, ops.day_read.
create or replace function ops.read_day(
    which_day date, which_boundaries text, which_unit text, which_kpis text, who text, why text
) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    assigned text[];
begin
    -- Whoever is assigned to no province reads all of them.
    select array_agg(reader.province_code order by reader.province_code)
    into assigned
    from ops.province_reader as reader
    where ops.person_of(reader.login_name) = ops.person_of(who);
    insert into ops.day_read (
        reader, reason, as_of_date, boundary_version, unit_code, kpi_codes, province_codes
    )
    values (who, why, which_day, which_boundaries, which_unit, which_kpis, assigned);
    return assigned;
end
$$;

comment on function ops.read_day(date, text, text, text, text, text) is
'Provinces whose exact numbers of a day a reader may see, after reader and reason are written down;
null: all.';

revoke all on function ops.read_day(date, text, text, text, text, text) from public;
grant execute on function ops.read_day(date, text, text, text, text, text) to dean06_loader;
