-- Purpose:    move the watermark of a dataset forward, never back.
-- Grain:      one dataset.
-- Parameters: source, dataset, until, load_id.
-- Reads:      nothing.
-- Writes:     ops.watermark.
insert into ops.watermark (source_code, dataset_code, reached, load_id)
values (:source, :dataset, :until, :load_id)
on conflict (source_code, dataset_code) do update
    set reached = excluded.reached, load_id = excluded.load_id
    where watermark.reached < excluded.reached
