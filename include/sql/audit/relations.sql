-- Purpose:    names that a listing of reads may show: those of relations that exist.
-- Grain:      one relation.
-- Parameters: none.
-- Reads:      pg_class.
-- Writes:     nothing.
select
    namespace.nspname::text as schema_name,
    class.relname::text as relation_name
from pg_class as class
inner join pg_namespace as namespace on class.relnamespace = namespace.oid
where
    namespace.nspname in ('core', 'ops', 'mart')
    and class.relkind in ('r', 'v', 'p', 'm')
