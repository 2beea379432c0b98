-- Purpose:    the moment that a text means which is written YYYY-MM-DDTHH:MM:SS, perhaps with a
--             fraction, and Z or an offset below 16 hours; an error for any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.iso_moment (macro).
--
-- A cast would take more than that, and of some texts another moment than PostgreSQL.
create or replace macro core.iso_moment(written) as
case
    when written is null then null
    when
        regexp_full_match(
            written,
            '\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)'
        )
        then core.moment_of(written)
    else cast('not such a moment: ' || written as timestamptz)
end;
