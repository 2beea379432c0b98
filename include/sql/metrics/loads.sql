-- Purpose:    loads in the ledger by state.
-- Grain:      one dataset and state.
-- Parameters: none.
-- Reads:      ops.load.
-- Writes:     nothing.
select
    source_code as source,
    dataset_code as dataset,
    status as state,
    count(*) as value
from ops.load
group by source_code, dataset_code, status
order by source_code, dataset_code, status
