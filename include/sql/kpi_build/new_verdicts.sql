-- Purpose:    whether verdicts changed that no build of a day has covered.
-- Grain:      one row.
-- Parameters: day.
-- Reads:      ops.verification, ops.kpi_verification.
-- Writes:     nothing.
select exists(
    select from ops.verification
    where affects_from <= :day and not exists (
        select from ops.kpi_verification as covered
        where
            covered.verification_id = verification.verification_id
            and covered.as_of_date = :day
    )
) as are_new
