-- Purpose:    corrected records of which core has a version from that moment or a later one with
--             other content, or whose newest version in core says something else about the person.
-- Grain:      one corrected record and cause.
-- Parameters: load_id; version; core: its table; same_key: join condition; incoming_person,
--             core_person: columns about a person, and whether the record is withdrawn.
-- Reads:      incoming, the core table, ops.load, ops.replay, ops.replay_decision, ops.replay_row.
-- Writes:     nothing.
select
    replay.replay_id,
    corrected.row_no,
    found.cause
from incoming
inner join ops.load on load.load_id = {load_id}
inner join ops.replay
    on
        load.corrects_load_id = replay.corrects_load_id
        and load.run_key = 'replay__' || replay.replay_id
inner join ops.replay_row as corrected
    on replay.replay_id = corrected.replay_id and incoming._row = corrected.position
left join {core} as newest on {same_key} and newest._is_current
cross join
    lateral (
        select 'known_later' as cause
        where incoming._newest_version >= incoming.{version} and not incoming._is_same
        union all
        select 'differs_from_core' as cause
        where
            newest._is_current
            and row({incoming_person}) is distinct from row({core_person})
    ) as found
where
    not exists (
        select from ops.replay_decision
        where replay_decision.replay_id = replay.replay_id
    )
