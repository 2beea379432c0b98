-- Purpose:    the match key of a name: Unicode form, spaces, capitals and the place of the tone do
--             not count.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.name_key.
create or replace function core.name_key(name text) returns text
language sql immutable parallel safe as $$
select core.tone_last(core.lower_case(core.well_spaced(core.decomposed(name))))
$$;

comment on function core.name_key(text) is
'Match key of a name: Unicode form, spaces, capitals and placement of the tone do not count.';
