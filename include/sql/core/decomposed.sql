-- Purpose:    the first step of a match key: a name in Unicode NFD. Match keys compare names and
--             never replace what is stored. They are immutable and depend on code points only, so
--             that they mean the same under any locale and provider: after NFD every Vietnamese
--             letter but đ is a Latin letter with combining marks, and ASCII is all that is left to
--             fold.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.decomposed.
--
-- Ð and ð (eth) are often typed for Đ and đ.
create or replace function core.decomposed(name text) returns text
language sql immutable parallel safe as $$
select translate(normalize(name, NFD), 'Ðð', 'Đđ')
$$;

comment on function core.decomposed(text) is 'A name in Unicode NFD.';
