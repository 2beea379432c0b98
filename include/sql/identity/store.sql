-- Purpose:    store the verdicts on records that had none.
-- Grain:      one row per record.
-- Parameters: dataset, verification.
-- Reads:      verdict_change.
-- Writes:     core.identity_verdict.
insert into core.identity_verdict (
    dataset_code, record_key, verdict, verdict_in_life, deceased_from, detail, claimed_id, id_scope,
    verification_id
)
select
    {dataset} as dataset_code,
    record_key,
    verdict,
    verdict_in_life,
    deceased_from,
    detail,
    claimed_id,
    id_scope,
    {verification} as verification_id
from verdict_change
where verdict is not null and was is null
-- In the order of the index: each page is written once.
order by record_key
