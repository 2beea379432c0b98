-- Purpose:    what readers of mart find: relations and columns with what they say of themselves.
-- Grain:      one row per column of a table or view of mart that readers may have.
-- Parameters: none.
-- Reads:      the catalogue.
-- Writes:     nothing.
select
    relation.relname as relation_name,
    case relation.relkind when 'v' then 'view' else 'table' end as kind,
    obj_description(relation.oid, 'pg_class') as relation_comment,
    attribute.attname as column_name,
    format_type(attribute.atttypid, attribute.atttypmod) as data_type,
    col_description(relation.oid, attribute.attnum) as column_comment,
    coalesce(attribute.attnum = any(primary_key.indkey), false) as is_key,
    has_table_privilege('dean06_bi', relation.oid, 'select') as is_for_all
from pg_class as relation
inner join pg_namespace as namespace on relation.relnamespace = namespace.oid
inner join pg_attribute as attribute on relation.oid = attribute.attrelid
left join pg_index as primary_key
    on relation.oid = primary_key.indrelid and primary_key.indisprimary
where
    namespace.nspname = 'mart'
    and relation.relkind in ('r', 'v', 'm', 'p')
    and attribute.attnum > 0
    and not attribute.attisdropped
    and has_table_privilege('dean06_analyst', relation.oid, 'select')
order by relation.relname, attribute.attnum
