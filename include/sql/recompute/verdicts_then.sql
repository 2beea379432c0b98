-- Purpose:    the verdicts as they were after a run of verification. A record had one if the run
--             that gave the verdict of now, or one of its history, is not later, and nobody had
--             withdrawn it.
-- Grain:      one row per record that had a verdict.
-- Parameters: verification: the run.
-- Reads:      core.identity_verdict, core.identity_verdict_history, replaced_since.
-- Writes:     then_identity_verdict (temporary).
create temporary view then_identity_verdict as
select
    now.dataset_code,
    now.record_key,
    now.verdict,
    now.verdict_in_life,
    now.deceased_from,
    now.claimed_id
from core.identity_verdict as now
where
    now.verification_id <= {verification}
    and not exists (
        select from replaced_since as replaced
        where replaced.dataset_code = now.dataset_code and replaced.record_key = now.record_key
    )
union all
select
    replaced.dataset_code,
    replaced.record_key,
    replaced.verdict,
    replaced.verdict_in_life,
    replaced.deceased_from,
    replaced.claimed_id
from replaced_since as replaced
where
    exists (
        select from core.identity_verdict as now
        where
            now.dataset_code = replaced.dataset_code
            and now.record_key = replaced.record_key
            and now.verification_id <= {verification}
    )
    or exists (
        select from core.identity_verdict_history as held
        where
            held.dataset_code = replaced.dataset_code
            and held.record_key = replaced.record_key
            and held.valid_from <= {verification}
            and held.valid_to > {verification}
    )
