-- Purpose:    record who approves or declines a correction that waits. Whoever approves has read
--             every record of this very correction. It runs as the owner: nobody writes decisions
--             past it.
-- Grain:      one value: whether it is recorded; not if who approves has not read the change.
-- Parameters: which_replay: the correction; which_decision: approved or declined; who, why.
-- Reads:      ops.payload_read, ops.replay, ops.replay_row.
-- Writes:     ops.decide_replay, ops.replay_decision.
create or replace function ops.decide_replay(
    which_replay bigint, which_decision text, who text, why text
) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    request ops.replay;
begin
    select replay.* into strict request from ops.replay where replay.replay_id = which_replay;
    if which_decision = 'approved' and exists (
        select from ops.replay_row
        where
            replay_row.replay_id = which_replay
            and not exists (
                select from ops.payload_read
                where
                    payload_read.replay_id = which_replay
                    and payload_read.row_no = replay_row.row_no
                    and ops.person_of(payload_read.reader) = ops.person_of(who)
            )
    ) then
        return false;
    end if;
    insert into ops.replay_decision (replay_id, asked_by, decision, decided_by, reason)
    values (which_replay, request.asked_by, which_decision, who, why);
    return true;
end
$$;

comment on function ops.decide_replay(bigint, text, text, text) is
'Records who approves or declines a correction; false: the change has not been read.';

revoke all on function ops.decide_replay(bigint, text, text, text) from public;
grant execute on function ops.decide_replay(bigint, text, text, text)
to dean06_ui, dean06_loader;
