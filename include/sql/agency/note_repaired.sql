-- Purpose:    note with each case of a difference from the national portal that a later delivery no
--             longer shows it.
-- Grain:      one event.
-- Parameters: day; as_of: the end of it; load: the last load that the reconciliation reads.
-- Reads:      difference, core.correction_record, ops.correction_event.
-- Writes:     ops.correction_event.
insert into ops.correction_event (case_id, event, day, moment, load_id)
select
    said.case_id,
    'corrected' as event,
    cast(:day as date) as day,
    cast(:as_of as timestamptz) as moment,
    cast(:load as bigint) as load_id
from (
    select distinct on (subject.case_id)
        subject.case_id,
        subject.record_key,
        event.event
    from core.correction_record as subject
    inner join ops.correction_event as event on subject.case_id = event.case_id
    where
        subject.kind = 'difference'
        and (event.moment, event.load_id) <= (cast(:as_of as timestamptz), cast(:load as bigint))
    order by
        subject.case_id asc, event.moment desc, event.load_id desc, event.event = 'broken' asc
) as said
where
    said.event = 'broken'
    and not exists (
        select from difference
        where
            coalesce(difference.dossier_code, difference.entry_code) = said.record_key
            and difference.kind <> 'late'
    )
order by said.case_id
on conflict do nothing
