-- Purpose:    records of all published loads by what became of them. Published loads are neither
--             changed nor removed, so the sums only grow.
-- Grain:      one dataset and outcome.
-- Parameters: none.
-- Reads:      ops.load.
-- Writes:     nothing.
select
    load.source_code as source,
    load.dataset_code as dataset,
    counted.outcome,
    sum(counted.records) as value
from ops.load
cross join
    unnest(
        array['inserted', 'updated', 'unchanged', 'deleted', 'superseded', 'quarantined'],
        array[
            load.inserted_count, load.updated_count, load.unchanged_count,
            load.deleted_count, load.superseded_count, load.quarantined_count
        ]
    ) as counted (outcome, records)
where load.status = 'published'
group by load.source_code, load.dataset_code, counted.outcome
order by load.source_code, load.dataset_code, counted.outcome
