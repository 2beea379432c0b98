-- Purpose:    loads that have files of staging which nobody needs any longer: published or given
--             up, or past their retention period.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.shard, ops.load, ops.needed_load, ops.retention.
-- Writes:     ops.staging_due.
create or replace view ops.staging_due as
select
    load.load_id,
    load.source_code,
    load.dataset_code,
    retention.classification,
    retention.kept_days,
    array_remove(array_agg(shard.staged_path) || array_agg(shard.failing_path), null) as paths,
    count(shard.staged_path) + count(shard.failing_path) as file_count,
    sum(coalesce(shard.staged_bytes, 0) + coalesce(shard.failing_bytes, 0))::bigint as byte_count,
    needed_load.load_id is not null as is_needed
from ops.shard
inner join ops.load on shard.load_id = load.load_id
inner join ops.retention
    on
        retention.what = 'staging'
        and load.source_code = retention.source_code
        and load.dataset_code = retention.dataset_code
left join ops.needed_load on load.load_id = needed_load.load_id
where
    (shard.staged_path is not null or shard.failing_path is not null)
    and (
        load.status in ('published', 'abandoned')
        or load.opened_at < now() - make_interval(days => retention.kept_days)
    )
group by
    load.load_id, load.source_code, load.dataset_code, retention.classification,
    retention.kept_days, needed_load.load_id;

comment on view ops.staging_due is
'Loads with files of staging that nobody needs any longer. | Tệp trung gian hết thời hạn lưu giữ.';
comment on column ops.staging_due.load_id is 'The load.';
comment on column ops.staging_due.source_code is 'Source key.';
comment on column ops.staging_due.dataset_code is 'Dataset of the source.';
comment on column ops.staging_due.classification is 'Classification of the dataset.';
comment on column ops.staging_due.kept_days is 'Days they are kept.';
comment on column ops.staging_due.paths is 'Its files of staging.';
comment on column ops.staging_due.file_count is 'How many they are.';
comment on column ops.staging_due.byte_count is 'Their size.';
comment on column ops.staging_due.is_needed is 'Its load still needs them: they stay.';
