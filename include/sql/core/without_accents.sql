-- Purpose:    a match key as typed without diacritics.
-- Grain:      one value.
-- Parameters: key: a match key.
-- Reads:      nothing.
-- Writes:     core.without_accents.
create or replace function core.without_accents(key text) returns text
language sql immutable parallel safe as $$
select replace(regexp_replace(key, '[\u0300-\u036F]', '', 'g'), 'đ', 'd')
$$;

comment on function core.without_accents(text) is
'A match key as typed without diacritics; equal to the key when the name has none.';
