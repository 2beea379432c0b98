-- Purpose:    datasets that a day has published, and whose newest load of the day is not: the day
--             was synced again and failed.
-- Grain:      one dataset.
-- Parameters: day.
-- Reads:      ops.load.
-- Writes:     nothing.
select
    newest.source_code,
    newest.dataset_code,
    newest.run_key
from (
    select distinct on (load.source_code, load.dataset_code)
        load.source_code,
        load.dataset_code,
        load.run_key,
        load.status
    from ops.load
    where load.day = :day and load.corrects_load_id is null
    order by load.source_code asc, load.dataset_code asc, load.load_id desc
) as newest
where
    newest.status <> 'published'
    and exists (
        select from ops.load as earlier
        where
            earlier.day = :day
            and earlier.source_code = newest.source_code
            and earlier.dataset_code = newest.dataset_code
            and earlier.corrects_load_id is null
            and earlier.status = 'published'
    )
order by newest.source_code, newest.dataset_code
