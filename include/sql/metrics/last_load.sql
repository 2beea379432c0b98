-- Purpose:    when a dataset was published last.
-- Grain:      one dataset.
-- Parameters: none.
-- Reads:      ops.load.
-- Writes:     nothing.
select
    source_code as source,
    dataset_code as dataset,
    extract(epoch from max(published_at)) as value
from ops.load
where status = 'published'
group by source_code, dataset_code
order by source_code, dataset_code
