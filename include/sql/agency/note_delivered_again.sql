-- Purpose:    note with each case that a later delivery of the same window no longer has its record
--             as it was rejected: it came right, or the source has it no longer.
-- Grain:      one event.
-- Parameters: dataset; core: its table; record_key: its key as one text; deleted: whether a version
--             withdraws its record.
-- Reads:      ops.correction_event, core.correction_record, ops.load, ops.correction_coverage, the
--             core table.
-- Writes:     ops.correction_event.
insert into ops.correction_event (case_id, event, day, moment, load_id)
with gone as materialized (
    select distinct
        subject.case_id,
        subject.record_key,
        again.day,
        again.window_until,
        again.load_id
    from ops.load as again
    inner join ops.load as before
        on
            again.source_code = before.source_code
            and again.dataset_code = before.dataset_code
            and again.load_id > before.load_id
            and again.window_until >= before.window_until
            and coalesce(again.window_since, '-infinity')
            <= coalesce(before.window_since, '-infinity')
    inner join ops.correction_event as broken
        on before.load_id = broken.load_id and broken.event = 'broken'
    inner join core.correction_record as subject
        on broken.case_id = subject.case_id and subject.kind = 'rejected'
    where
        again.source_code || '.' || again.dataset_code = {dataset}
        and again.status = 'published'
        and again.corrects_load_id is null
        and not exists (
            select from ops.correction_coverage as covered
            where covered.load_id = again.load_id
        )
        and not exists (
            select from ops.correction_event as still
            where
                still.case_id = broken.case_id
                and still.load_id = again.load_id
                and still.event = 'broken'
        )
),

arrived as (
    select distinct
        gone.case_id,
        gone.load_id
    from gone
    inner join {core} as record
        on {record_key} = gone.record_key and gone.load_id = record._load_id
    where not {deleted}
)

select
    gone.case_id,
    case when arrived.case_id is not null then 'corrected' else 'withdrawn' end as event,
    gone.day,
    gone.window_until as moment,
    gone.load_id
from gone
left join arrived on gone.case_id = arrived.case_id and gone.load_id = arrived.load_id
order by gone.case_id, gone.load_id
on conflict do nothing
