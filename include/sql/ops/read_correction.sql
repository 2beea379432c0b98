-- Purpose:    show a correction field by field, beside what was rejected and what core holds, after
--             its reader and reason are recorded. It runs as the owner: nobody else reads payloads
--             for a page.
-- Grain:      one field that differs, of one record.
-- Parameters: which_replay: the correction; who, why: its reader.
-- Reads:      ops.load, ops.quarantine, ops.replay, ops.replay_row.
-- Writes:     ops.read_correction, ops.payload_read.
create or replace function ops.read_correction(which_replay bigint, who text, why text)
returns table (row_no bigint, field text, rejected text, corrected text, in_core text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into ops.payload_read (reader, reason, load_id, row_no, replay_id)
    select who, why, replay.corrects_load_id, replay_row.row_no, which_replay
    from ops.replay
    inner join ops.replay_row on replay.replay_id = replay_row.replay_id
    where replay.replay_id = which_replay
    order by replay_row.row_no;
    return query
    select
        replay_row.row_no, name.field, received.payload ->> name.field,
        replay_row.payload ->> name.field, known.record ->> name.field
    from ops.replay
    inner join ops.load on replay.corrects_load_id = load.load_id
    inner join ops.replay_row on replay.replay_id = replay_row.replay_id
    inner join ops.quarantine as received
        on replay.corrects_load_id = received.load_id and replay_row.row_no = received.row_no
    cross join lateral ops.known_record(
        load.source_code, load.dataset_code, replay_row.payload
    ) as known (record)
    cross join lateral (
        select jsonb_object_keys(coalesce(received.payload, '{}') || replay_row.payload)
    ) as name (field)
    where
        replay.replay_id = which_replay
        and (
            received.payload ->> name.field is distinct from replay_row.payload ->> name.field
            or (
                known.record ? name.field
                and known.record ->> name.field is distinct from replay_row.payload ->> name.field
            )
        )
    order by replay_row.row_no, name.field;
end
$$;

comment on function ops.read_correction(bigint, text, text) is
'What a correction changes, after its reader and reason are recorded.';

revoke all on function ops.read_correction(bigint, text, text) from public;
grant execute on function ops.read_correction(bigint, text, text) to dean06_ui, dean06_loader;
