-- Purpose:    records received in all published loads, the total of their outcomes.
-- Grain:      one dataset.
-- Parameters: none.
-- Reads:      ops.load.
-- Writes:     nothing.
select
    source_code as source,
    dataset_code as dataset,
    sum(received_count) as value
from ops.load
where status = 'published'
group by source_code, dataset_code
order by source_code, dataset_code
