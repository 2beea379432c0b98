-- Purpose:    write down, with each load that had them, that files are gone.
-- Grain:      one row of ops.purge per load; a file of two loads counts with both.
-- Parameters: paths: of the files.
-- Reads:      ops.load, ops.retention.
-- Writes:     ops.landing_file, ops.purge.
with gone as (
    update ops.landing_file set purged_at = now()
    where landing_file.landed_path = any(:paths) and landing_file.purged_at is null
    returning landing_file.load_id, landing_file.byte_count
)

insert into ops.purge (
    what, source_code, dataset_code, load_id, item_count, byte_count, classification, kept_days
)
select
    retention.what,
    load.source_code,
    load.dataset_code,
    load.load_id,
    count(*) as item_count,
    sum(gone.byte_count) as byte_count,
    retention.classification,
    retention.kept_days
from gone
inner join ops.load on gone.load_id = load.load_id
inner join ops.retention
    on
        retention.what = 'landing'
        and load.source_code = retention.source_code
        and load.dataset_code = retention.dataset_code
group by
    retention.what, load.source_code, load.dataset_code, load.load_id, retention.classification,
    retention.kept_days
order by load.load_id
