-- Purpose:    the day that a text means which is written DD/MM/YYYY; an error for any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.day_first (macro).
create or replace macro core.day_first(written) as
case
    when written is null then null
    when strftime(strptime(written, '%d/%m/%Y'), '%d/%m/%Y') = written
        then cast(strptime(written, '%d/%m/%Y') as date)
    else cast('not such a day: ' || written as date)
end;
