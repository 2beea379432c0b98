-- Purpose:    what has been kept for as long as it may, whether it is still needed, and the
--             function that empties payloads.
-- Grain:      ops.needed_load: one load; ops.landing_due: one file; ops.staging_due: one table;
--             ops.payload_due: one payload.
-- Parameters: none.
-- Reads:      ops.retention, ops.load, ops.watermark, ops.landing_file, ops.quarantine,
--             ops.replay, ops.replay_outcome, pg_class.

create view ops.needed_load as
select load.load_id
from ops.load
left join ops.watermark
    on load.source_code = watermark.source_code and load.dataset_code = watermark.dataset_code
where
    load.status not in ('published', 'abandoned')
    and (
        -- A replay's window was published long ago; what it corrects was not.
        load.corrects_load_id is not null
        or watermark.reached is null
        or watermark.reached < load.window_until
    );
comment on view ops.needed_load is
'Loads whose files, tables and payloads are still needed: not published, and what they were to bring
has come by no other load either. | Lượt nạp còn cần dữ liệu gốc.';
comment on column ops.needed_load.load_id is 'The load.';

create view ops.landing_due as
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
'Files whose period is over for every load that has them. | Tệp hết hạn lưu.';
comment on column ops.landing_due.landed_path is 'Where landing keeps it.';
comment on column ops.landing_due.source_code is 'Source key.';
comment on column ops.landing_due.dataset_code is 'Dataset of the source.';
comment on column ops.landing_due.classification is 'Classification of the dataset.';
comment on column ops.landing_due.kept_days is 'Days it is kept.';
comment on column ops.landing_due.byte_count is 'Its size.';
comment on column ops.landing_due.landed_at is 'When it landed, the last time.';
comment on column ops.landing_due.is_needed is 'A load still needs it: it stays.';

create view ops.staging_due as
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

create view ops.payload_due as
select
    'quarantine' as what,
    record.source_code,
    record.dataset_code,
    record.load_id,
    record.row_no,
    null::bigint as replay_id,
    retention.classification,
    retention.kept_days,
    pg_column_size(record.payload) as byte_count,
    (
        needed_load.load_id is not null
        or exists (
            select from ops.replay_outcome as waiting
            where
                waiting.corrects_load_id = record.load_id
                and waiting.row_no = record.row_no
                and waiting.outcome = 'waiting'
        )
    ) as is_needed
from ops.retention
inner join ops.quarantine as record
    on
        retention.source_code = record.source_code
        and retention.dataset_code = record.dataset_code
        and record.quarantined_at < now() - make_interval(days => retention.kept_days)
left join ops.needed_load on record.load_id = needed_load.load_id
where retention.what = 'quarantine' and record.purged_at is null
union all
select
    'replay' as what,
    load.source_code,
    load.dataset_code,
    replay.corrects_load_id as load_id,
    corrected.row_no,
    replay.replay_id,
    retention.classification,
    retention.kept_days,
    pg_column_size(corrected.payload) as byte_count,
    corrected.row_no in (
        select waiting.row_no from ops.replay_outcome as waiting
        where waiting.replay_id = replay.replay_id and waiting.outcome = 'waiting'
    ) as is_needed
from ops.replay_row as corrected
inner join ops.replay on corrected.replay_id = replay.replay_id
inner join ops.load on replay.corrects_load_id = load.load_id
inner join ops.retention
    on
        retention.what = 'replay'
        and load.source_code = retention.source_code
        and load.dataset_code = retention.dataset_code
where
    corrected.purged_at is null
    and replay.asked_at < now() - make_interval(days => retention.kept_days);
comment on view ops.payload_due is
'Payloads of quarantine and replays whose period is over; without what they hold. |
Nội dung bản ghi hết hạn lưu.';
comment on column ops.payload_due.what is 'quarantine: as received; replay: as corrected.';
comment on column ops.payload_due.source_code is 'Source key.';
comment on column ops.payload_due.dataset_code is 'Dataset of the source.';
comment on column ops.payload_due.load_id is 'Load that rejected the record.';
comment on column ops.payload_due.row_no is 'Its position in that load.';
comment on column ops.payload_due.replay_id is 'The replay; empty: quarantine.';
comment on column ops.payload_due.classification is 'Classification of the dataset.';
comment on column ops.payload_due.kept_days is 'Days it is kept.';
comment on column ops.payload_due.byte_count is 'Its size as stored.';
comment on column ops.payload_due.is_needed is
'Its load is not published yet, or a replay waits: it stays.';

create function ops.purge_payloads() returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
with due as materialized (
    select * from ops.payload_due where not payload_due.is_needed
),
quarantined as (
    update ops.quarantine set payload = null, purged_at = now()
    from due
    where
        due.what = 'quarantine'
        and quarantine.load_id = due.load_id
        and quarantine.row_no = due.row_no
        and quarantine.purged_at is null
    returning
        due.what, due.source_code, due.dataset_code, due.load_id, due.byte_count,
        due.classification, due.kept_days
),
replayed as (
    update ops.replay_row set payload = null, purged_at = now()
    from due
    where
        due.what = 'replay'
        and replay_row.replay_id = due.replay_id
        and replay_row.row_no = due.row_no
        and replay_row.purged_at is null
    returning
        due.what, due.source_code, due.dataset_code, due.load_id, due.byte_count,
        due.classification, due.kept_days
),
written as (
    insert into ops.purge (
        what, source_code, dataset_code, load_id, item_count, byte_count, classification, kept_days
    )
    select
        gone.what, gone.source_code, gone.dataset_code, gone.load_id, count(*),
        sum(gone.byte_count), gone.classification, gone.kept_days
    from (select * from quarantined union all select * from replayed) as gone
    group by
        gone.what, gone.source_code, gone.dataset_code, gone.load_id, gone.classification,
        gone.kept_days
    order by gone.load_id
    returning item_count
)
select coalesce(sum(written.item_count), 0)::bigint from written
$$;
comment on function ops.purge_payloads() is
'Empties every payload that is due and not needed, and writes down how many; returns how many.';
revoke all on function ops.purge_payloads() from public;
grant execute on function ops.purge_payloads() to dean06_loader;
revoke all on function ops.is_over(text, text, text, timestamptz) from public;
