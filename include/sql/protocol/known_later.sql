-- Purpose:    corrected records of which core has a version from that moment or a later one, with
--             other content.
-- Grain:      one corrected record.
-- Parameters: load_id; version.
-- Reads:      incoming, ops.load, ops.replay, ops.replay_decision, ops.replay_row.
-- Writes:     nothing.
select
    replay.replay_id,
    corrected.row_no
from incoming
inner join ops.load on load.load_id = {load_id}
inner join ops.replay
    on
        load.corrects_load_id = replay.corrects_load_id
        and load.run_key = 'replay__' || replay.replay_id
inner join ops.replay_row as corrected
    on replay.replay_id = corrected.replay_id and incoming._row = corrected.position
where
    incoming._newest_version >= incoming.{version}
    and not incoming._is_same
    and not exists (
        select from ops.replay_decision
        where replay_decision.replay_id = replay.replay_id
    )
