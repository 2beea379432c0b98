-- Purpose:    loads with a failed step that no other load has replaced. Where Airflow tries a
--             failed extraction again by itself, it counts only after that time, or when Airflow
--             has given it up.
-- Grain:      one load.
-- Parameters: before, when an extraction must have begun; stopped, source/run of what Airflow gave
--             up, backfill_source/run of backfills.
-- Reads:      ops.load, ops.load_cause, ops.unsettled_load.
-- Writes:     nothing.
select
    load.load_id,
    load.source_code,
    load.dataset_code,
    load.run_key,
    load.day,
    load.status,
    load.cause,
    coded.cause_code,
    coded.detail_code,
    coded.detail_parameters
from ops.load
left join ops.load_cause as coded on load.load_id = coded.load_id
inner join ops.unsettled_load as unsettled on load.load_id = unsettled.load_id
where
    load.status in ('open', 'landed', 'staged', 'validated', 'quarantined')
    and load.cause is not null
    and (
        load.status <> 'open'
        or load.opened_at < :before
        or load.source_code || '/' || load.run_key = any(:stopped)
        -- Of a backfill's day the run is a part of the load's run key.
        or 'backfill_source/' || regexp_replace(load.run_key, '__[0-9-]+$', '') = any(:stopped)
        -- The command backfill, which nobody runs again by itself: its days name both ends.
        or load.run_key ~ '^backfill__[0-9]{4}-[0-9]{2}-[0-9]{2}__[0-9]{4}-[0-9]{2}-[0-9]{2}__'
    )
order by load.load_id
