-- Purpose:    a text that is a JSON list, as it is; an error for any other text.
-- Grain:      one value.
-- Parameters: written.
-- Reads:      nothing.
-- Writes:     core.json_list (macro).
create or replace macro core.json_list(written) as
case
    when written is null then null
    when core.is_json(written) and json_type(written) = 'ARRAY' then written
    else cast('not a list: ' || written as json)
end;
