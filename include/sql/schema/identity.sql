-- Purpose:    the columns of a table's primary key.
-- Grain:      one row per column, in the order of the table.
-- Parameters: name: of the table, with its schema.
-- Reads:      the catalogue.
-- Writes:     nothing.
select a.attname as column_name
from pg_index as i
inner join pg_attribute as a on i.indrelid = a.attrelid and a.attnum = any(i.indkey)
where i.indrelid = to_regclass(:name) and i.indisprimary
order by a.attnum
