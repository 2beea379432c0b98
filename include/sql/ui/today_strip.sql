-- Purpose:    what became of each day of a dataset: its publication, else the newest try.
-- Grain:      one dataset and day that was asked for.
-- Parameters: first_day, last_day.
-- Reads:      ops.load.
-- Writes:     nothing.
select distinct on (source_code, dataset_code, day)
    source_code,
    dataset_code,
    day,
    run_key,
    status,
    cause is not null as has_cause,
    received_count,
    quarantined_count
from ops.load
where
    day between :first_day and :last_day
    and status <> 'abandoned'
    and corrects_load_id is null
order by
    source_code asc,
    dataset_code asc,
    day asc,
    (status = 'published') desc,
    load_id desc
