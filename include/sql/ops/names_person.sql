-- Purpose:    say whether a payload holds a person's number, not as a part of a longer number: an
--             old number of 9 digits stands within the new ones of others.
-- Grain:      one value.
-- Parameters: payload: a record as received; personal_id: 9 to 12 digits, anything else is nowhere.
-- Reads:      nothing.
-- Writes:     ops.names_person.
create or replace function ops.names_person(payload jsonb, personal_id text) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
select case
    when personal_id ~ '^[0-9]{9,12}$' and position(personal_id in payload::text) > 0
        then payload::text ~ ('(?<![0-9])' || personal_id || '(?![0-9])')
    else false
end
$$;

comment on function ops.names_person(jsonb, text) is
'Whether a record holds a person''s number, not as a part of a longer number.';

revoke all on function ops.names_person(jsonb, text) from public;
grant execute on function ops.names_person(jsonb, text) to dean06_loader;
