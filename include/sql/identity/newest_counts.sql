-- Purpose:    how many records have each verdict, as of the newest run of their dataset.
-- Grain:      one dataset and verdict that any record has.
-- Parameters: none.
-- Reads:      ops.verification_count.
-- Writes:     nothing.
select
    dataset_code,
    verdict,
    record_count
from ops.verification_count
where
    record_count > 0
    and (dataset_code, verification_id) in (
        select
            newest.dataset_code,
            max(newest.verification_id) as verification_id
        from ops.verification_count as newest
        group by newest.dataset_code
    )
order by dataset_code asc, record_count desc, verdict asc
