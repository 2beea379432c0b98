-- Purpose:    take back verdicts on records that are withdrawn.
-- Grain:      one row per such record.
-- Parameters: dataset.
-- Reads:      verdict_change.
-- Writes:     core.identity_verdict.
delete from core.identity_verdict as stored
using verdict_change
where
    stored.dataset_code = {dataset}
    and stored.record_key = verdict_change.record_key
    and verdict_change.verdict is null
