-- Purpose:    the newest load of every dataset on a day; a published one before all others.
-- Grain:      one dataset.
-- Parameters: day.
-- Reads:      ops.load.
-- Writes:     nothing.
select distinct on (source_code, dataset_code)
    source_code,
    dataset_code,
    status,
    received_count,
    inserted_count,
    updated_count,
    unchanged_count,
    deleted_count,
    superseded_count,
    quarantined_count,
    drift,
    cause
from ops.load
where day = :day and corrects_load_id is null
order by source_code asc, dataset_code asc, (status = 'published') desc, load_id desc
