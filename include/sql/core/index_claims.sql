-- Purpose:    take the index of claimed ids away while the first verdicts of a warehouse are
--             stored, and make it when they are: kept up row by row, in the order of records, it
--             costs as much as all else that is stored. It runs as the owner: a loader owns none.
-- Grain:      one index. It is taken from an empty table only.
-- Parameters: is_wanted: whether the index is to be there.
-- Reads:      core.identity_verdict.
-- Writes:     core.index_claims, core.identity_verdict__claimed_id.
create or replace function core.index_claims(is_wanted boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if is_wanted then
        create index if not exists identity_verdict__claimed_id
        on core.identity_verdict (claimed_id) where claimed_id is not null;
    elsif not exists (select from core.identity_verdict) then
        drop index if exists core.identity_verdict__claimed_id;
    end if;
end
$$;

comment on function core.index_claims(boolean) is
'Makes the index of claimed ids, or takes it from a table of verdicts that is empty.';

revoke all on function core.index_claims(boolean) from public;
grant execute on function core.index_claims(boolean) to dean06_loader;
