-- Purpose:    whether a text says true or false, in a spelling that PostgreSQL takes; an error for
--             any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.flag_of (macro).
create or replace macro core.flag_of(written) as
case
    when written is null then null
    when written = 'false' then false
    when written = 'true' then true
    when
        lower(trim(written, E' \t\n\v\f\r'))
        in ('t', 'tr', 'tru', 'true', 'y', 'ye', 'yes', 'on', '1')
        then true
    when
        lower(trim(written, E' \t\n\v\f\r'))
        in ('f', 'fa', 'fal', 'fals', 'false', 'n', 'no', 'of', 'off', '0')
        then false
    else cast('neither true nor false: ' || written as boolean)
end;
