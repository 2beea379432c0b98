-- Purpose:    the kind of a JSON value in words of JSON: object, array, string, number, boolean,
--             null.
-- Grain:      one value.
-- Parameters: value: JSON, or NULL.
-- Reads:      nothing.
-- Writes:     core.json_kind (macro).
create or replace macro core.json_kind(value) as
case json_type(value)
    when 'VARCHAR' then 'string'
    when 'UBIGINT' then 'number'
    when 'BIGINT' then 'number'
    when 'DOUBLE' then 'number'
    else lower(json_type(value))
end;
