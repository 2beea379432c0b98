-- Purpose:    say whether a payload names a person whose data are restricted.
-- Grain:      one value.
-- Parameters: payload: a record as received.
-- Reads:      ops.restricted_person.
-- Writes:     ops.names_restricted.
create or replace function ops.names_restricted(payload jsonb) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
select exists (
    select from ops.restricted_person as person
    where ops.names_person(payload, person.personal_id)
)
$$;

comment on function ops.names_restricted(jsonb) is
'Whether a record names a restricted person: it may be emptied before its period is over.';

revoke all on function ops.names_restricted(jsonb) from public;
grant execute on function ops.names_restricted(jsonb) to dean06_loader;
