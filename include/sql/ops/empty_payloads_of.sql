-- Purpose:    empty the quarantined and replayed payloads of a restricted person, before their
--             period is over. It runs as the owner: nobody else may change evidence.
-- Grain:      one value: how many payloads were emptied.
-- Parameters: of_person: their number; it must be in ops.restricted_person.
-- Reads:      ops.load, ops.quarantine, ops.replay, ops.replay_row, ops.restricted_person,
--             ops.retention.
-- Writes:     ops.empty_payloads_of, ops.quarantine, ops.replay_row, ops.purge.
create or replace function ops.empty_payloads_of(of_person text) returns bigint
language sql security definer set search_path = pg_catalog, pg_temp as $$
with restricted as materialized (
    select person.personal_id from ops.restricted_person as person
    where person.personal_id = of_person
),
held as materialized (
    select
        'quarantine' as what,
        quarantine.load_id,
        quarantine.load_id as owner_id,
        quarantine.row_no,
        octet_length(quarantine.payload::text) as byte_count
    from ops.quarantine
    inner join restricted on ops.names_person(quarantine.payload, restricted.personal_id)
    union all
    select
        'replay',
        replay.corrects_load_id,
        corrected.replay_id,
        corrected.row_no,
        octet_length(corrected.payload::text)
    from ops.replay_row as corrected
    inner join ops.replay on corrected.replay_id = replay.replay_id
    inner join restricted on ops.names_person(corrected.payload, restricted.personal_id)
),
quarantined as (
    update ops.quarantine set payload = null, purged_at = now()
    from held
    where
        held.what = 'quarantine'
        and quarantine.load_id = held.owner_id
        and quarantine.row_no = held.row_no
    returning held.what, held.load_id, held.byte_count
),
replayed as (
    update ops.replay_row set payload = null, purged_at = now()
    from held
    where
        held.what = 'replay'
        and replay_row.replay_id = held.owner_id
        and replay_row.row_no = held.row_no
    returning held.what, held.load_id, held.byte_count
),
written as (
    insert into ops.purge (
        what, source_code, dataset_code, load_id, item_count, byte_count, classification, kept_days
    )
    select
        gone.what, load.source_code, load.dataset_code, gone.load_id, count(*),
        sum(gone.byte_count), rule.classification, rule.kept_days
    from (select * from quarantined union all select * from replayed) as gone
    inner join ops.load on gone.load_id = load.load_id
    inner join ops.retention as rule
        on
            gone.what = rule.what
            and load.source_code = rule.source_code
            and load.dataset_code = rule.dataset_code
    group by
        gone.what, load.source_code, load.dataset_code, gone.load_id, rule.classification,
        rule.kept_days
    returning item_count
)
select coalesce(sum(written.item_count), 0)::bigint from written
$$;

comment on function ops.empty_payloads_of(text) is
'Empties the payloads in quarantine that name a restricted person, and writes down how many.';

revoke all on function ops.empty_payloads_of(text) from public;
grant execute on function ops.empty_payloads_of(text) to dean06_loader;
