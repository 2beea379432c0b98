-- Purpose:    runs that began to load a source and came to no end: neither published nor held.
-- Grain:      one source and run, with the dataset that is furthest behind.
-- Parameters: before, when a run must have begun to count as stuck.
-- Reads:      ops.load, ops.unsettled_load.
-- Writes:     nothing.
select distinct on (load.source_code, load.run_key)
    load.load_id,
    load.source_code,
    load.run_key,
    load.dataset_code,
    load.status,
    load.day
from ops.load
inner join ops.unsettled_load as unsettled on load.load_id = unsettled.load_id
where
    load.status in ('open', 'landed', 'staged', 'validated', 'quarantined')
    and load.opened_at < :before
    and not exists (
        select from ops.load as held
        where
            held.source_code = load.source_code
            and held.run_key = load.run_key
            and held.status = 'held'
    )
order by
    load.source_code,
    load.run_key,
    array_position(
        array['open', 'landed', 'staged', 'validated', 'quarantined'], load.status
    )
