-- Purpose:    replace verdicts that are others now. One that stays keeps its age, whatever else has
--             changed about its record.
-- Grain:      one row per record.
-- Parameters: dataset, verification.
-- Reads:      verdict_change.
-- Writes:     core.identity_verdict.
update core.identity_verdict as stored
set
    verdict = verdict_change.verdict,
    verdict_in_life = verdict_change.verdict_in_life,
    deceased_from = verdict_change.deceased_from,
    detail = verdict_change.detail,
    claimed_id = verdict_change.claimed_id,
    id_scope = verdict_change.id_scope,
    verification_id
    = case when verdict_change.is_other then {verification} else stored.verification_id end,
    changed_at = case when verdict_change.is_other then now() else stored.changed_at end
from verdict_change
where
    stored.dataset_code = {dataset}
    and stored.record_key = verdict_change.record_key
    and verdict_change.verdict is not null
