-- Purpose:    whether PostgreSQL takes text for a moment. It does so of 24:00:00 and of second 60,
--             if that does not go beyond the day, and of offsets below 16 hours.
-- Grain:      one value.
-- Parameters: written: YYYY-MM-DDTHH:MM:SS (or with a space), perhaps with a fraction of up to nine
--             digits and an offset (Z or ±HH:MM), with digits where digits stand.
-- Reads:      nothing.
-- Writes:     core.is_moment (macro).
--
-- A fraction of at most half a microsecond rounds to nothing.
create or replace macro core.is_moment(written) as
core.is_date(left(written, 10))
and (
    (
        substr(written, 12, 2) < '24' and substr(written, 15, 2) < '60'
        and (
            substr(written, 18, 2) < '60'
            or (substr(written, 18, 2) = '60' and substr(written, 12, 5) <> '23:59')
        )
    )
    or regexp_matches(
        written,
        '^.{11}(?:24:00:00|23:59:60)(?:\.(?:0{1,5}|0{6}(?:[0-4][0-9]*|50*)?))?(?:[-+Z]|$)'
    )
)
and (
    substr(written, length(written) - 5, 1) not in ('+', '-')
    or (right(written, 5) < '16' and right(written, 2) < '60')
);
