-- Purpose:    the verdicts that runs of verification replaced after a run, as they were after it.
-- Grain:      one row per record whose verdict is another one now; a record that had none after
--             the run is left out where the verdicts are read (verdicts_then.sql).
-- Parameters: verification: the run.
-- Reads:      core.replaced_verdict.
-- Writes:     replaced_since (temporary).
create temporary table replaced_since on commit drop as
select distinct on (replaced.dataset_code, replaced.record_key)
    replaced.dataset_code,
    replaced.record_key,
    replaced.verdict,
    replaced.verdict_in_life,
    replaced.deceased_from,
    replaced.claimed_id
from core.replaced_verdict as replaced
where replaced.replaced_by > {verification} and replaced.verdict is not null
order by replaced.dataset_code, replaced.record_key, replaced.replaced_by
