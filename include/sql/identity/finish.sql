-- Purpose:    close a run of verification.
-- Grain:      one run.
-- Parameters: run.
-- Reads:      ops.verification_dataset.
-- Writes:     ops.verification.
update ops.verification set
    finished_at = clock_timestamp(),
    affects_from = (
        select min(verification_dataset.affects_from) from ops.verification_dataset
        where verification_dataset.verification_id = :run
    )
where verification_id = :run
