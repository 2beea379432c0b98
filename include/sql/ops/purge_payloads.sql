-- Purpose:    empty every payload that is due and not needed, or those that name a restricted
--             person before their period is over, and record how many. It runs as the owner:
--             nobody else may change evidence.
-- Grain:      one value: how many payloads were emptied.
-- Parameters: of_person: number of a person in ops.restricted_person; null: whatever is due.
-- Reads:      ops.load, ops.payload_due, ops.quarantine, ops.replay, ops.replay_row,
--             ops.restricted_person, ops.retention.
-- Writes:     ops.purge_payloads, ops.quarantine, ops.replay_row, ops.purge.
create or replace function ops.purge_payloads(of_person text default null) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
with named as materialized (
    select
        'quarantine' as what,
        record.load_id,
        record.row_no,
        null::bigint as replay_id,
        pg_column_size(record.payload) as byte_count
    from ops.restricted_person as person
    inner join ops.quarantine as record on ops.names_person(record.payload, person.personal_id)
    where person.personal_id = of_person
    union all
    select
        'replay' as what,
        replay.corrects_load_id as load_id,
        corrected.row_no,
        corrected.replay_id,
        pg_column_size(corrected.payload) as byte_count
    from ops.restricted_person as person
    inner join ops.replay_row as corrected
        on ops.names_person(corrected.payload, person.personal_id)
    inner join ops.replay on corrected.replay_id = replay.replay_id
    where person.personal_id = of_person
),
due as materialized (
    select
        payload_due.what,
        payload_due.source_code,
        payload_due.dataset_code,
        payload_due.load_id,
        payload_due.row_no,
        payload_due.replay_id,
        payload_due.classification,
        payload_due.kept_days,
        payload_due.byte_count
    from ops.payload_due
    where of_person is null and not payload_due.is_needed
    union all
    select
        named.what,
        load.source_code,
        load.dataset_code,
        named.load_id,
        named.row_no,
        named.replay_id,
        retention.classification,
        retention.kept_days,
        named.byte_count
    from named
    inner join ops.load on named.load_id = load.load_id
    inner join ops.retention
        on
            named.what = retention.what
            and load.source_code = retention.source_code
            and load.dataset_code = retention.dataset_code
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
    update ops.replay_row set payload = null, salt = null, purged_at = now()
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

comment on function ops.purge_payloads(text) is
'Empties every payload that is due and not needed, or those that name a restricted person, and
writes down how many; returns how many.';

revoke all on function ops.purge_payloads(text) from public;
grant execute on function ops.purge_payloads(text) to dean06_loader;
