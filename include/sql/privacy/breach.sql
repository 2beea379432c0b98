-- Purpose:    who was shown records of persons, and who had them changed or restricted.
-- Grain:      one reading, page of records behind a published value, replay or request about a
--             person.
-- Parameters: since, until: moments; until is exclusive.
-- Reads:      ops.load, ops.payload_read, ops.replay, ops.replay_row, ops.subject_request,
--             ops.value_read.
-- Writes:     nothing.
select
    reading.read_at as happened_at,
    'read' as what,
    reading.reader as who,
    load.source_code || '.' || load.dataset_code as dataset,
    1 as record_count,
    reading.reason
from ops.payload_read as reading
inner join ops.load on reading.load_id = load.load_id
where reading.read_at >= :since and reading.read_at < :until
union all
select
    listing.read_at as happened_at,
    'listed' as what,
    listing.reader as who,
    listing.kpi_code as dataset,
    null as record_count, -- as many as the page had
    listing.reason
from ops.value_read as listing
where
    listing.read_at >= :since
    and listing.read_at < :until
    and listing.refused_because is null
union all
select
    replay.asked_at as happened_at,
    'corrected' as what,
    replay.asked_by as who,
    load.source_code || '.' || load.dataset_code as dataset,
    (
        select count(*) from ops.replay_row as corrected
        where corrected.replay_id = replay.replay_id
    ) as record_count,
    replay.reason
from ops.replay
inner join ops.load on replay.corrects_load_id = load.load_id
where replay.asked_at >= :since and replay.asked_at < :until
union all
select
    request.asked_at as happened_at,
    'subject ' || request.kind as what,
    request.asked_by as who,
    '' as dataset,
    1 as record_count,
    request.reason
from ops.subject_request as request
where request.asked_at >= :since and request.asked_at < :until
order by 1, 2, 3
