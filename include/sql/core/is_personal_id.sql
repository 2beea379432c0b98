-- Purpose:    whether twelve digits are built as a personal identification number (NĐ
--             137/2015/NĐ-CP, điều 13; province codes TT 59/2021/TT-BCA): province of birth
--             registration, century and sex, year, six digits.
-- Grain:      one value.
-- Parameters: id: twelve digits.
-- Reads:      nothing.
-- Writes:     core.is_personal_id.
create or replace function core.is_personal_id(id text) returns boolean
language sql immutable parallel safe as $$
select id ~ (
    '^0(0[12468]|1[0-24579]|2[024-7]|3[013-8]|4[024-689]|5[12468]|6[024678]|7[024579]'
    || '|8[02-4679]|9[1-6])[0-3][0-9]{8}$'
)
$$;

comment on function core.is_personal_id(text) is
'Whether twelve digits are built as a personal id. No check digit: not that it is anybody''s.';
