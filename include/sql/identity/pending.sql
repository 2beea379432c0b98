-- Purpose:    published loads that no run of verification has covered.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.load, ops.verification_load.
-- Writes:     nothing.
select
    load_id,
    source_code || '.' || dataset_code as code
from ops.load
where
    status = 'published'
    and not exists (
        select from ops.verification_load
        where verification_load.load_id = load.load_id
    )
order by load_id
