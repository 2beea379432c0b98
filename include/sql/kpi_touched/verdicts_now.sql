-- Purpose:    the verdicts on records that are touched, or belong to a thing that is.
-- Grain:      one row per record with a verdict.
-- Parameters: none.
-- Reads:      wanted_record, core.identity_verdict.
-- Writes:     now_identity_verdict (temporary).
create temporary table now_identity_verdict on commit drop as
select
    verdict.dataset_code,
    verdict.record_key,
    verdict.verdict,
    verdict.verdict_in_life,
    verdict.deceased_from,
    verdict.claimed_id
from wanted_record
inner join core.identity_verdict as verdict
    on
        wanted_record.dataset_code = verdict.dataset_code
        and wanted_record.record_key = verdict.record_key
