-- Purpose:    which records of a source disagree with the registry, by what runs of verification
--             found: also what they found and a later day has changed, so that the list of a day
--             stays what it was.
-- Grain:      one row per record.
-- Parameters: datasets: codes of the source's datasets; runs: runs of verification; everything:
--             true for every mismatch that holds now, whichever run found it.
-- Reads:      core.identity_verdict, core.identity_verdict_history.
-- Writes:     mismatch (temporary).
create temporary table mismatch on commit drop as
select
    dataset_code,
    record_key collate "C" as record_key,
    verdict as code,
    detail,
    verification_id
from core.identity_verdict
where
    dataset_code = any({datasets})
    and verdict not in ('verified', 'verified_after_normalisation', 'verified_by_name')
    and ({everything} or verification_id = any({runs}))
union all
select
    dataset_code,
    record_key,
    verdict,
    detail,
    valid_from as verification_id
from core.identity_verdict_history
where
    dataset_code = any({datasets})
    and verdict not in ('verified', 'verified_after_normalisation', 'verified_by_name')
    and not {everything}
    and valid_from = any({runs})
    -- Corrected within the same day: nothing is left to correct.
    and not valid_to = any({runs})
