-- Purpose:    dossiers that a reconciliation newly found to differ from the national portal, or to
--             differ in another way than their case says. What came after the close of its period
--             (late) is nothing to correct.
-- Grain:      one dossier.
-- Parameters: day; as_of: the end of it; load: the last load that the reconciliation reads.
-- Reads:      difference, core.correction_record, ops.correction_event.
-- Writes:     broken_record (temporary).
create temporary table broken_record on commit drop as
with found as (
    select
        coalesce(dossier_code, entry_code) as record_key,
        array_agg(distinct kind order by kind) as codes
    from difference
    where kind <> 'late'
    group by coalesce(dossier_code, entry_code)
),

said as (
    select distinct on (subject.record_key)
        subject.record_key,
        event.event,
        event.codes
    from core.correction_record as subject
    inner join ops.correction_event as event on subject.case_id = event.case_id
    where
        subject.kind = 'difference'
        and (event.moment, event.load_id) <= (cast(:as_of as timestamptz), cast(:load as bigint))
    order by
        subject.record_key asc, event.moment desc, event.load_id desc, event.event = 'broken' asc
)

select
    'difference' as kind,
    'portal.dossier' as dataset_code,
    found.record_key,
    cast(:load as bigint) as load_id,
    null::bigint as verification_id,
    cast(:day as date) as day,
    cast(:as_of as timestamptz) as moment,
    found.codes
from found
left join said on found.record_key = said.record_key
where said.event is distinct from 'broken' or said.codes <> found.codes
