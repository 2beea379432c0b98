-- Purpose:    a name with single spaces between its words and no invisible characters.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.well_spaced.
--
-- Dropped: soft hyphen, zero width characters and joiners. Space: NBSP and every other one.
create or replace function core.well_spaced(name text) returns text
language sql immutable parallel safe as $$
select btrim(regexp_replace(
    regexp_replace(name, '[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]+', '', 'g'),
    '[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+',
    ' ', 'g'
))
$$;

comment on function core.well_spaced(text) is
'A name with single spaces between its words and nothing invisible in it.';
