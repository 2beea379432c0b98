-- Purpose:    the number that a text of digits means; an error for any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.whole_number (macro).
--
-- A cast would take more than that, and round: 12.6 would become 13.
create or replace macro core.whole_number(written) as
case
    when written is null then null
    when regexp_full_match(written, '[0-9]+') then cast(written as integer)
    else cast('not digits: ' || written as integer)
end;
