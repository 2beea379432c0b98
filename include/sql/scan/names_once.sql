-- Purpose:    whether a JSON object gives no name twice.
-- Grain:      one value.
-- Parameters: value: JSON, an object.
-- Reads:      nothing.
-- Writes:     core.names_once (macro).
create or replace macro core.names_once(value) as
len(list_distinct(json_keys(value))) = len(json_keys(value));
