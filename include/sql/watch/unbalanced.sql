-- Purpose:    published loads whose row counts do not add up. The ledger refuses to write such a
--             load, so one that is found was changed past its constraints.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.load.
-- Writes:     nothing.
select
    load_id,
    source_code,
    dataset_code,
    run_key
from ops.load
where
    status = 'published'
    and (
        received_count = declared_count
        and received_count
        = inserted_count + updated_count + unchanged_count
        + deleted_count + superseded_count + quarantined_count
    ) is not true
order by load_id
