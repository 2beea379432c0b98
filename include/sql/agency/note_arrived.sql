-- Purpose:    note with each case the versions of its record that core has accepted: those of new
--             loads, and of records that were found wrong just now whichever load brought them (a
--             day may be loaded after later ones). Of one load the newest version counts.
-- Grain:      one event.
-- Parameters: dataset; core: its table; record_key: its key as one text; version; deleted: whether
--             a version withdraws its record.
-- Reads:      the core table, core.correction_record, broken_record, ops.load,
--             ops.correction_coverage.
-- Writes:     ops.correction_event.
insert into ops.correction_event (case_id, event, day, moment, load_id)
with found as (
    select
        subject.case_id,
        record._load_id as load_id,
        record.{version} as moment,
        {deleted} as is_withdrawn
    from {core} as record
    inner join core.correction_record as subject
        on
            {record_key} = subject.record_key
            and subject.kind = 'rejected'
            and subject.dataset_code = {dataset}
    where
        record._load_id = any(array(
            select load.load_id
            from ops.load
            where
                load.source_code || '.' || load.dataset_code = {dataset}
                and load.status = 'published'
                and not exists (
                    select from ops.correction_coverage as covered
                    where covered.load_id = load.load_id
                )
        ))
    union all
    select
        subject.case_id,
        record._load_id as load_id,
        record.{version} as moment,
        {deleted} as is_withdrawn
    from core.correction_record as subject
    inner join {core} as record on {record_key} = subject.record_key
    where
        subject.kind = 'rejected'
        and subject.dataset_code = {dataset}
        and subject.record_key in (
            select broken.record_key
            from broken_record as broken
            where broken.kind = 'rejected' and broken.dataset_code = {dataset}
        )
)

select distinct on (found.case_id, found.load_id)
    found.case_id,
    case when found.is_withdrawn then 'withdrawn' else 'corrected' end as event,
    load.day,
    found.moment,
    found.load_id
from found
inner join ops.load on found.load_id = load.load_id
order by found.case_id asc, found.load_id asc, found.moment desc
on conflict do nothing
