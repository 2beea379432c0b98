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
select distinct on (found.case_id, found.load_id)
    found.case_id,
    case when found.is_withdrawn then 'withdrawn' else 'corrected' end as event,
    found.day,
    found.moment,
    found.load_id
from (
    select
        subject.case_id,
        load.load_id,
        load.day,
        record.{version} as moment,
        {deleted} as is_withdrawn
    from core.correction_record as subject
    inner join {core} as record on {record_key} = subject.record_key
    inner join ops.load on record._load_id = load.load_id
    where
        subject.kind = 'rejected'
        and subject.dataset_code = {dataset}
        and (
            not exists (
                select from ops.correction_coverage as covered
                where covered.load_id = load.load_id
            )
            or subject.record_key in (
                select broken.record_key
                from broken_record as broken
                where broken.kind = 'rejected' and broken.dataset_code = {dataset}
            )
        )
) as found
order by found.case_id asc, found.load_id asc, found.moment desc
on conflict do nothing
