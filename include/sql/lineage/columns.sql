-- Purpose:    the columns that lineage can name, with their types.
-- Grain:      one row per column of a table or view of core, mart and ops.quarantine.
-- Parameters: none.
-- Reads:      the catalogue.
-- Writes:     nothing.
select
    namespace.nspname as schema_name,
    relation.relname as table_name,
    attribute.attname as column_name,
    format_type(attribute.atttypid, attribute.atttypmod) as data_type
from pg_attribute as attribute
inner join pg_class as relation on attribute.attrelid = relation.oid
inner join pg_namespace as namespace on relation.relnamespace = namespace.oid
where
    attribute.attnum > 0
    and not attribute.attisdropped
    and relation.relkind in ('r', 'v', 'm', 'p')
    and (
        namespace.nspname in ('core', 'mart')
        or (namespace.nspname, relation.relname) = ('ops', 'quarantine')
    )
order by namespace.nspname, relation.relname, attribute.attnum
