-- Purpose:    make the index by which the registry's newest versions are found by birth date, when
--             the registry has its first records. Kept up row by row in the order of persons, whose
--             birth dates are random, it costs a first load a quarter of its time in PostgreSQL;
--             made of the rows that are there, a tenth of that. It runs as the owner: a loader owns
--             none.
-- Grain:      one index. It is never taken away.
-- Parameters: registry: table of schema core; born_on: its column of birth dates.
-- Reads:      the registry.
-- Writes:     core.index_births, an index of the registry.
create or replace function core.index_births(registry text, born_on text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    is_wanted boolean;
begin
    if to_regclass(format('core.%I', registry || '__born_on')) is not null then
        return;  -- Nobody waits for a lock on the table.
    end if;
    execute format('select exists (select from core.%I)', registry) into is_wanted;
    if is_wanted then
        execute format(
            'create index if not exists %I on core.%I (%I) where _is_current',
            registry || '__born_on', registry, born_on
        );
    end if;
end
$$;

comment on function core.index_births(text, text) is
'Makes the index of birth dates of the registry, as soon as it has records.';

revoke all on function core.index_births(text, text) from public;
grant execute on function core.index_births(text, text) to dean06_loader;
