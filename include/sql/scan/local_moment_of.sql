-- Purpose:    the moment that a text means which is written DD/MM/YYYY HH:MM:SS by the clocks of
--             Vietnam, the time zone of the session; an error for any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.local_moment_of (macro).
create or replace macro core.local_moment_of(written) as
case
    when written is null then null
    when strftime(strptime(written, '%d/%m/%Y %H:%M:%S'), '%d/%m/%Y %H:%M:%S') = written
        then cast(strptime(written, '%d/%m/%Y %H:%M:%S') as timestamptz)
    else cast('not such a moment: ' || written as timestamptz)
end;
