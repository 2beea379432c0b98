-- Purpose:    write down that the files of a load's staging went, and forget where they were.
-- Grain:      one row of ops.purge.
-- Parameters: load_id.
-- Reads:      ops.staging_due.
-- Writes:     ops.purge, ops.shard.
with gone as (
    update ops.shard set
        staged_path = null, staged_sha256 = null, staged_bytes = null,
        failing_path = null, failing_sha256 = null, failing_bytes = null
    where shard.load_id = :load_id
)

insert into ops.purge (
    what, source_code, dataset_code, load_id, item_count, byte_count, classification, kept_days
)
select
    'staging' as what,
    staging_due.source_code,
    staging_due.dataset_code,
    staging_due.load_id,
    staging_due.file_count,
    staging_due.byte_count,
    staging_due.classification,
    staging_due.kept_days
from ops.staging_due
where staging_due.load_id = :load_id
