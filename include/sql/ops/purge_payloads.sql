-- Purpose:    empty every payload that is due and not needed, and record how many. It runs as the
--             owner: nobody else may change evidence.
-- Grain:      one value: how many payloads were emptied.
-- Parameters: none.
-- Reads:      ops.payload_due, ops.quarantine, ops.replay_row.
-- Writes:     ops.purge_payloads, ops.quarantine, ops.replay_row, ops.purge.
create or replace function ops.purge_payloads() returns bigint
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
