-- Purpose:    the newest validated loads of every dataset, for the index of the data docs.
-- Grain:      one row per load, at most :listed a dataset.
-- Parameters: sources, datasets: whose; listed.
-- Reads:      ops.load, ops.validation_result.
-- Writes:     nothing.
select
    dataset.source_code,
    dataset.dataset_code,
    newest.load_id,
    newest.day,
    newest.run_key,
    newest.status,
    newest.received_count,
    found.rules,
    found.broken
from
    unnest(cast(:sources as text[]), cast(:datasets as text[]))
        as dataset (source_code, dataset_code)
cross join
    lateral (
        select load.*
        from ops.load
        where
            load.source_code = dataset.source_code
            and load.dataset_code = dataset.dataset_code
            and load.status in ('validated', 'held', 'quarantined', 'published')
        order by load.window_until desc, load.load_id desc
        limit :listed
    ) as newest
cross join
    lateral (
        select
            count(*) as rules,
            count(*) filter (where result.unexpected_count > 0) as broken
        from ops.validation_result as result
        where result.load_id = newest.load_id
    ) as found
order by
    dataset.source_code asc, dataset.dataset_code asc, newest.window_until desc, newest.load_id desc
