-- Purpose:    loads that wait for their agency: held, and no other load has replaced them.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.load, ops.load_cause, ops.unsettled_load.
-- Writes:     nothing.
select
    load.source_code,
    load.dataset_code,
    load.run_key,
    load.load_id,
    load.day,
    load.cause,
    coded.detail_code,
    coded.detail_parameters
from ops.load
left join ops.load_cause as coded on load.load_id = coded.load_id
inner join ops.unsettled_load as unsettled on load.load_id = unsettled.load_id
where load.status = 'held'
order by load.load_id
