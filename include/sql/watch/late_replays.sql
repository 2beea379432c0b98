-- Purpose:    corrections that are due and not loaded: their load failed, or none was tried in
--             time. The time starts again when a second person approves: that answers the cause.
-- Grain:      one replay.
-- Parameters: before, when a correction must have been asked for or approved to count as late.
-- Reads:      ops.load, ops.load_cause, ops.replay, ops.replay_decision, ops.replay_outcome.
-- Writes:     nothing.
select distinct
    replay.replay_id,
    corrected.source_code,
    corrected.dataset_code,
    corrected.day,
    outcome.load_id,
    outcome.cause,
    coded.cause_code,
    coded.detail_code,
    coded.detail_parameters
from ops.replay_outcome as outcome
inner join ops.replay on outcome.replay_id = replay.replay_id
inner join ops.load as corrected on replay.corrects_load_id = corrected.load_id
left join ops.load_cause as coded on outcome.load_id = coded.load_id
left join ops.replay_decision as decided on replay.replay_id = decided.replay_id
where
    outcome.outcome = 'waiting'
    and (
        (outcome.cause is not null and decided.decided_at is null)
        or coalesce(decided.decided_at, replay.asked_at) < :before
    )
order by replay.replay_id
