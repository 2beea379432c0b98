-- Purpose:    staging tables past their retention period, or that belong to no load.
-- Grain:      one table.
-- Parameters: none.
-- Reads:      pg_class, ops.load, ops.needed_load, ops.retention.
-- Writes:     ops.staging_due.
create or replace view ops.staging_due as
select
    class.relname::text as table_name,
    load.source_code,
    load.dataset_code,
    load.load_id,
    retention.classification,
    retention.kept_days,
    coalesce(pg_total_relation_size(class.oid), 0) as byte_count,
    needed_load.load_id is not null as is_needed
from pg_class as class
left join ops.load
    on
        load.load_id = cast(substring(class.relname from '__(\d{1,18})(?:__failed)?$') as bigint)
        and starts_with(class.relname, load.source_code || '__' || load.dataset_code || '__')
left join ops.retention
    on
        retention.what = 'staging'
        and load.source_code = retention.source_code
        and load.dataset_code = retention.dataset_code
left join ops.needed_load on load.load_id = needed_load.load_id
where
    class.relnamespace = 'staging'::regnamespace
    and class.relkind in ('r', 'p')
    and (
        load.load_id is null
        or load.opened_at < now() - make_interval(days => retention.kept_days)
    );

comment on view ops.staging_due is
'Tables of staging whose period is over, or that belong to no load. | Bảng staging hết hạn.';
comment on column ops.staging_due.table_name is 'The table.';
comment on column ops.staging_due.source_code is 'Source key; empty: it belongs to no load.';
comment on column ops.staging_due.dataset_code is 'Dataset of the source.';
comment on column ops.staging_due.load_id is 'Its load.';
comment on column ops.staging_due.classification is 'Classification of the dataset.';
comment on column ops.staging_due.kept_days is 'Days it is kept.';
comment on column ops.staging_due.byte_count is 'Its size.';
comment on column ops.staging_due.is_needed is 'Its load still needs it: it stays.';
