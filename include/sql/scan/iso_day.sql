-- Purpose:    the day that a text means which is written YYYY-MM-DD; an error for any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.iso_day (macro).
--
-- A cast would take more than that: a day with a time of day, spaces around it.
create or replace macro core.iso_day(written) as
case
    when written is null then null
    when cast(cast(written as date) as varchar) = written then cast(written as date)
    else cast('not such a day: ' || written as date)
end;
