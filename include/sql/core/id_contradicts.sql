-- Purpose:    whether the digits of a well-formed id say another birth year or sex than the record.
-- Grain:      one value.
-- Parameters: id, birth_year, sex: of the record; null: unknown.
-- Reads:      nothing.
-- Writes:     core.id_contradicts.
create or replace function core.id_contradicts(id text, birth_year integer, sex text)
returns boolean
language sql immutable parallel safe as $$
select
    coalesce(
        birth_year
        <> 1900 + 100 * (substr(id, 4, 1)::integer / 2) + substr(id, 5, 2)::integer, false
    )
    or coalesce(
        sex <> case substr(id, 4, 1)::integer % 2 when 0 then 'male' else 'female' end, false
    )
$$;

comment on function core.id_contradicts(text, integer, text) is
'Whether the digits of a well-formed id speak of another birth year or sex. Unknown: no.';
