-- Purpose:    payloads of quarantine and replays past their retention period, without what they
--             hold.
-- Grain:      one payload.
-- Parameters: none.
-- Reads:      ops.load, ops.needed_load, ops.quarantine, ops.replay, ops.replay_outcome,
--             ops.replay_row, ops.retention.
-- Writes:     ops.payload_due.
create or replace view ops.payload_due as
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
                and waiting.outcome in ('waiting', 'unapproved')
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
        where
            waiting.replay_id = replay.replay_id
            and waiting.outcome in ('waiting', 'unapproved')
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
Nội dung bản ghi hết thời hạn lưu giữ.';
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
