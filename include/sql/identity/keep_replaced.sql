-- Purpose:    keep the verdicts that this run changes as they were, for the steps of KPIs.
-- Grain:      one row per record; empty where it had no verdict.
-- Parameters: dataset, verification.
-- Reads:      verdict_change, core.identity_verdict.
-- Writes:     core.replaced_verdict.
insert into core.replaced_verdict (
    dataset_code, record_key, replaced_by, verdict, verdict_in_life, deceased_from, claimed_id
)
select
    {dataset} as dataset_code,
    verdict_change.record_key,
    {verification} as replaced_by,
    stored.verdict,
    stored.verdict_in_life,
    stored.deceased_from,
    stored.claimed_id
from verdict_change
left join core.identity_verdict as stored
    on verdict_change.record_key = stored.record_key and stored.dataset_code = {dataset}
