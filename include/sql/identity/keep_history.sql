-- Purpose:    keep the verdicts that end with this run.
-- Grain:      one row per verdict that is replaced or withdrawn.
-- Parameters: dataset, verification.
-- Reads:      verdict_change.
-- Writes:     core.identity_verdict_history.
insert into core.identity_verdict_history (
    dataset_code, record_key, valid_from, valid_to, verdict, detail
)
select
    {dataset} as dataset_code,
    record_key,
    was_since as valid_from,
    {verification} as valid_to,
    was as verdict,
    was_detail as detail
from verdict_change
where was is not null and is_other
