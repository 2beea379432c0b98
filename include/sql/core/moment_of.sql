-- Purpose:    the moment that ISO 8601 text means, to the microsecond that PostgreSQL can hold.
-- Grain:      one value.
-- Parameters: written: YYYY-MM-DDTHH:MM:SS, perhaps with a fraction, and an offset.
-- Reads:      nothing.
-- Writes:     core.moment_of.
--
-- Digits beyond the microsecond are cut. PostgreSQL would round them, and 23:59:59.9999999 would
-- become the next day.
create or replace function core.moment_of(written text) returns timestamptz
language sql stable parallel safe as $$
select (
    case
        when written like '%.%' then regexp_replace(written, '(\.\d{6})\d+', '\1')
        else written
    end
)::timestamptz
$$;

comment on function core.moment_of(text) is
'The moment that ISO 8601 text means; digits beyond the microsecond are cut, never rounded.';
