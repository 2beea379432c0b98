-- Purpose:    loads that wait for their agency: held, and no later attempt of the run has replaced
--             them or published the same days.
-- Grain:      one load.
-- Parameters: none.
-- Reads:      ops.load, ops.load_cause, ops.watermark.
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
left join ops.watermark
    on load.source_code = watermark.source_code and load.dataset_code = watermark.dataset_code
where
    load.status = 'held'
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
