-- Purpose:    datasets that some run has asked for a day, or that are in core beyond it.
-- Grain:      one dataset.
-- Parameters: day; until, its end.
-- Reads:      ops.load, ops.watermark.
-- Writes:     nothing.
select
    load.source_code,
    load.dataset_code
from ops.load
where load.day = :day and load.corrects_load_id is null
union
select
    watermark.source_code,
    watermark.dataset_code
from ops.watermark
where watermark.reached >= cast(:until as timestamptz)
