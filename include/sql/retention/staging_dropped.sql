-- Purpose:    write down that a table of staging is to go.
-- Grain:      one row of ops.purge.
-- Parameters: table_name.
-- Reads:      ops.staging_due.
-- Writes:     ops.purge.
insert into ops.purge (
    what, source_code, dataset_code, load_id, item_count, byte_count, classification, kept_days
)
select
    'staging' as what,
    staging_due.source_code,
    staging_due.dataset_code,
    staging_due.load_id,
    1 as item_count,
    staging_due.byte_count,
    staging_due.classification,
    case when staging_due.load_id is not null then staging_due.kept_days end as kept_days
from ops.staging_due
where staging_due.table_name = :table_name
