-- Purpose:    core.moment_of for the columnar engine: the moment that ISO 8601 text means, to the
--             microsecond; further digits are cut, never rounded.
-- Grain:      one value.
-- Parameters: written: YYYY-MM-DDTHH:MM:SS, perhaps with a fraction, and an offset.
-- Reads:      nothing.
-- Writes:     core.moment_of (macro).
create or replace macro core.moment_of(written) as
cast(
    case
        when contains(written, '.') then regexp_replace(written, '(\.\d{6})\d+', '\1')
        else written
    end as timestamptz
);
