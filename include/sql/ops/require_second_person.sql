-- Purpose:    refuse the publication of a correction that waits for a second person, that was
--             declined, or that nobody asked for.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      ops.replay, ops.replay_decision, ops.replay_hold.
-- Writes:     ops.require_second_person; trigger of ops.load.
create or replace function ops.require_second_person() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    request ops.replay;
    decided text;
begin
    select replay.* into request from ops.replay
    where
        replay.corrects_load_id = new.corrects_load_id
        and new.run_key = 'replay__' || replay.replay_id;
    if not found then
        raise exception 'no such correction was requested' using errcode = '42501';
    end if;
    select replay_decision.decision into decided from ops.replay_decision
    where replay_decision.replay_id = request.replay_id;
    if decided = 'declined' then
        raise exception 'the correction was declined' using errcode = '42501';
    end if;
    if decided is null and exists (
        select from ops.replay_hold where replay_hold.replay_id = request.replay_id
    ) then
        raise exception 'the correction waits for a second person' using errcode = '42501';
    end if;
    return new;
end
$$;

comment on function ops.require_second_person() is
'Refuses to publish corrections that wait for a second person.';

revoke all on function ops.require_second_person() from public;

create or replace trigger correction_is_approved before insert or update on ops.load
for each row when (new.status = 'published' and new.corrects_load_id is not null)
execute function ops.require_second_person();
