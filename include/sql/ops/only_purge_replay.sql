-- Purpose:    let a corrected record be emptied once its period is over, and not be changed in any
--             other way.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      ops.load, ops.replay.
-- Writes:     ops.only_purge_replay; trigger of ops.replay_row.
create or replace function ops.only_purge_replay() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if new.payload is null
        and old.payload is not null
        and (new.replay_id, new.row_no, new.position, new.corrected_id)
        is not distinct from (old.replay_id, old.row_no, old.position, old.corrected_id)
        and (
            ops.names_restricted(old.payload)
            or exists (
                select from ops.replay
                inner join ops.load on replay.corrects_load_id = load.load_id
                where
                    replay.replay_id = old.replay_id
                    and ops.is_over('replay', load.source_code, load.dataset_code, replay.asked_at)
            )
        )
    then
        return new;
    end if;
    raise exception 'a corrected record can only be emptied, after its retention period'
    using errcode = '55000';
end
$$;

comment on function ops.only_purge_replay() is 'Lets payloads of replays go when due.';

create or replace trigger replay_row_is_only_purged before update on ops.replay_row
for each row execute function ops.only_purge_replay();
