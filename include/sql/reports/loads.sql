-- Purpose:    the newest load of every dataset on a day; a published one before all others.
-- Grain:      one dataset.
-- Parameters: day.
-- Reads:      ops.load, ops.load_cause.
-- Writes:     nothing.
select distinct on (load.source_code, load.dataset_code)
    load.load_id,
    load.source_code,
    load.dataset_code,
    load.status,
    load.received_count,
    load.inserted_count,
    load.updated_count,
    load.unchanged_count,
    load.deleted_count,
    load.superseded_count,
    load.quarantined_count,
    load.drift,
    load.cause,
    case load.status when 'held' then 'batch_held' else coded.cause_code end as cause_code,
    coded.detail_code,
    coded.detail_parameters
from ops.load
left join ops.load_cause as coded on load.load_id = coded.load_id
where load.day = :day and load.corrects_load_id is null
order by
    load.source_code asc,
    load.dataset_code asc,
    (load.status = 'published') desc,
    load.load_id desc
