-- Purpose:    a name in small letters without diacritics, to measure similarity.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.plain_name.
create or replace function core.plain_name(name text) returns text
language sql immutable parallel safe as $$
select core.without_accents(core.lower_case(core.decomposed(name)))
$$;

comment on function core.plain_name(text) is
'A name in small letters without diacritics, for likeness: trigrams look past spaces.';
