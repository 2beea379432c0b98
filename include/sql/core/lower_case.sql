-- Purpose:    a decomposed Vietnamese name in small letters, under any locale.
-- Grain:      one value.
-- Parameters: name: decomposed.
-- Reads:      nothing.
-- Writes:     core.lower_case.
--
-- Under collation "C" lower() folds ASCII letters and nothing else, wherever the database is.
create or replace function core.lower_case(name text) returns text
language sql immutable parallel safe as $$
select replace(lower(name collate "C"), 'Đ', 'đ')
$$;

comment on function core.lower_case(text) is 'A decomposed Vietnamese name in small letters.';
