-- Purpose:    a decomposed Vietnamese name in small letters, under any locale.
-- Grain:      one value.
-- Parameters: name: decomposed.
-- Reads:      nothing.
-- Writes:     core.lower_case.
create or replace function core.lower_case(name text) returns text
language sql immutable parallel safe as $$
select translate(name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĐ', 'abcdefghijklmnopqrstuvwxyzđ')
$$;

comment on function core.lower_case(text) is 'A decomposed Vietnamese name in small letters.';
