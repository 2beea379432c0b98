-- Purpose:    landing files past their retention period for every load that has them.
-- Grain:      one file and dataset.
-- Parameters: none.
-- Reads:      ops.landing_file, ops.load, ops.needed_load, ops.retention.
-- Writes:     ops.landing_due.
create or replace view ops.landing_due as
select
    file.landed_path,
    load.source_code,
    load.dataset_code,
    retention.classification,
    retention.kept_days,
    max(file.byte_count) as byte_count,
    max(file.landed_at) as landed_at,
    bool_or(needed_load.load_id is not null) as is_needed
from ops.landing_file as file
inner join ops.load on file.load_id = load.load_id
inner join ops.retention
    on
        retention.what = 'landing'
        and load.source_code = retention.source_code
        and load.dataset_code = retention.dataset_code
left join ops.needed_load on file.load_id = needed_load.load_id
where file.purged_at is null
group by
    file.landed_path, load.source_code, load.dataset_code, retention.classification,
    retention.kept_days
having max(file.landed_at) < now() - make_interval(days => retention.kept_days);

comment on view ops.landing_due is
'Files whose period is over for every load that has them. | Tệp hết thời hạn lưu giữ.';
comment on column ops.landing_due.landed_path is 'Where landing keeps it.';
comment on column ops.landing_due.source_code is 'Source key.';
comment on column ops.landing_due.dataset_code is 'Dataset of the source.';
comment on column ops.landing_due.classification is 'Classification of the dataset.';
comment on column ops.landing_due.kept_days is 'Days it is kept.';
comment on column ops.landing_due.byte_count is 'Its size.';
comment on column ops.landing_due.landed_at is 'When it landed, the last time.';
comment on column ops.landing_due.is_needed is 'A load still needs it: it stays.';
