-- Purpose:    write down that the records of a dataset were removed from core, and by whom.
-- Grain:      one row of ops.purge.
-- Parameters: source, dataset; records, how many; bytes, what their table took; by, the login.
-- Reads:      nothing.
-- Writes:     ops.purge.
insert into ops.purge (what, source_code, dataset_code, item_count, byte_count, removed_by)
select
    'core' as what,
    :source as source_code,
    :dataset as dataset_code,
    cast(:records as bigint) as item_count,
    cast(:bytes as bigint) as byte_count,
    :by as removed_by
