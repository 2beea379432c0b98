-- Purpose:    loads that have records in quarantine, newest first.
-- Grain:      one load.
-- Parameters: source: null for all.
-- Reads:      ops.load, ops.quarantine_count.
-- Writes:     nothing.
select
    load.load_id,
    load.source_code,
    load.dataset_code,
    load.day,
    load.status,
    load.received_count,
    load.quarantined_count,
    (
        select count(*) from ops.quarantine_count as counted
        where counted.load_id = load.load_id
    ) as rule_count
from ops.load
where
    (cast(:source as text) is null or load.source_code = :source)
    and (
        (load.status = 'published' and load.quarantined_count > 0)
        or (
            load.status in ('held', 'quarantined')
            and exists (
                select from ops.quarantine_count as counted
                where counted.load_id = load.load_id
            )
        )
    )
order by load.day desc, load.load_id desc
limit 60
