-- Purpose:    whether PostgreSQL takes text for a date: the calendar has the day, and no year 0.
-- Grain:      one value.
-- Parameters: written: YYYY-MM-DD, with digits where digits stand.
-- Reads:      nothing.
-- Writes:     core.is_date (macro).
create or replace macro core.is_date(written) as
written >= '0001' and try_cast(written as date) is not null;
