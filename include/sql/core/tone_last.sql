-- Purpose:    a decomposed name with the tone mark of each word at its end.
-- Grain:      one value.
-- Parameters: name: decomposed.
-- Reads:      nothing.
-- Writes:     core.tone_last.
create or replace function core.tone_last(name text) returns text
language sql immutable parallel safe as $$
select regexp_replace(
    name,
    '([\u0300\u0301\u0303\u0309\u0323])'
    || '([^\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000]+)',
    '\2\1', 'g'
)
$$;

comment on function core.tone_last(text) is
'A decomposed name with the tone mark of each word at its end: hòa and hoà are one.';
