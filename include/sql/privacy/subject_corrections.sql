-- Purpose:    corrected records that name a person, as a steward wrote them, what was decided and
--             who has read them.
-- Grain:      one corrected record.
-- Parameters: none; the number is in asked_person.
-- Reads:      asked_person, ops.load, ops.payload_read, ops.replay, ops.replay_decision,
--             ops.replay_row.
-- Writes:     nothing.
select
    load.source_code || '.' || load.dataset_code as dataset,
    load.day,
    replay.replay_id,
    corrected.row_no,
    corrected.payload,
    replay.asked_by,
    replay.reason,
    replay.asked_at,
    decided.decision,
    decided.decided_by,
    (
        select
            coalesce(jsonb_agg(jsonb_build_object(
                'at', reading.read_at, 'reader', reading.reader, 'reason', reading.reason
            ) order by reading.read_id), '[]')
        from ops.payload_read as reading
        where reading.replay_id = replay.replay_id and reading.row_no = corrected.row_no
    ) as readings
from ops.replay_row as corrected
inner join ops.replay on corrected.replay_id = replay.replay_id
inner join ops.load on replay.corrects_load_id = load.load_id
left join ops.replay_decision as decided on replay.replay_id = decided.replay_id
where ops.names_person(corrected.payload, (select asked_person.personal_id from asked_person))
order by replay.replay_id, corrected.row_no
