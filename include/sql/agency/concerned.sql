-- Purpose:    datasets with cases that a new load, a new run of verification, or a record found
--             wrong just now may concern.
-- Grain:      one dataset.
-- Parameters: none.
-- Reads:      ops.correction_case, ops.load, ops.verification_dataset, ops.correction_coverage,
--             broken_record.
-- Writes:     nothing.
select distinct known.dataset_code
from ops.correction_case as known
where
    known.dataset_code in (
        select load.source_code || '.' || load.dataset_code
        from ops.load
        where
            load.status = 'published'
            and not exists (
                select from ops.correction_coverage as covered
                where covered.load_id = load.load_id
            )
    )
    or known.dataset_code in (
        select examined.dataset_code
        from ops.verification_dataset as examined
        where not exists (
            select from ops.correction_coverage as covered
            where covered.verification_id = examined.verification_id
        )
    )
    or known.dataset_code in (
        select broken.dataset_code
        from broken_record as broken
    )
