-- Purpose:    seconds that the newest run of each step took.
-- Grain:      one step of one dataset; verification belongs to none.
-- Parameters: none.
-- Reads:      ops.step_duration.
-- Writes:     nothing.
select
    step_code as step,
    source_code as source,
    dataset_code as dataset,
    extract(epoch from ended_at - started_at) as value
from ops.step_duration
order by step_code, source_code, dataset_code
