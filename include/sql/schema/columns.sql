-- Purpose:    the columns of a table, with their types.
-- Grain:      one row per column; none when there is no such table.
-- Parameters: name: of the table, with its schema.
-- Reads:      the catalogue.
-- Writes:     nothing.
select
    a.attname as column_name,
    format_type(a.atttypid, a.atttypmod) as data_type
from pg_attribute as a
where a.attrelid = to_regclass(:name) and a.attnum > 0 and not a.attisdropped
