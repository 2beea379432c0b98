-- Purpose:    loads of which a step failed, and that nothing has replaced since. A failed
--             extraction counts only after the time in which it is tried again by itself, or when
--             Airflow has given it up.
-- Grain:      one load.
-- Parameters: before, when an extraction must have begun; stopped, source/run of what Airflow gave
--             up, backfill_source/run of backfills.
-- Reads:      ops.load, ops.load_cause, ops.watermark.
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
left join ops.watermark
    on load.source_code = watermark.source_code and load.dataset_code = watermark.dataset_code
where
    load.status in ('open', 'landed', 'staged', 'validated', 'quarantined')
    and load.cause is not null
    and (
        load.status <> 'open'
        or load.opened_at < :before
        or load.source_code || '/' || load.run_key = any(:stopped)
        -- Of a backfill's day the run is a part of the load's run key.
        or 'backfill_source/' || regexp_replace(load.run_key, '__[0-9-]+$', '') = any(:stopped)
    )
    -- What another run has published meanwhile is lost to nobody.
    and (watermark.reached is null or watermark.reached < load.window_until)
    and not exists (
        select from ops.load as later
        where
            later.source_code = load.source_code
            and later.dataset_code = load.dataset_code
            and later.window_until >= load.window_until
            and later.load_id > load.load_id
    )
order by load.load_id
