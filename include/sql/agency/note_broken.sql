-- Purpose:    note with each case that its record was found wrong, how severely, and how long its
--             agency has. Noted once for each load or run.
-- Grain:      one event.
-- Parameters: none.
-- Reads:      broken_record, core.correction_record, ops.correction_deadline.
-- Writes:     ops.correction_event.
insert into ops.correction_event (
    case_id, event, day, moment, load_id, verification_id, codes, severity, working_days
)
select
    subject.case_id,
    'broken' as event,
    broken.day,
    broken.moment,
    broken.load_id,
    broken.verification_id,
    broken.codes,
    deadline.severity,
    deadline.working_days
from broken_record as broken
inner join core.correction_record as subject
    on
        broken.dataset_code = subject.dataset_code
        and broken.kind = subject.kind
        and broken.record_key = subject.record_key
cross join
    lateral (
        select
            chosen.severity,
            chosen.working_days
        from unnest(broken.codes) as found (code)
        cross join
            lateral (
                select
                    listed.severity,
                    listed.working_days
                from ops.correction_deadline as listed
                where listed.kind = broken.kind and listed.code in (found.code, '*')
                order by listed.code = '*'
                limit 1
            ) as chosen
        order by chosen.working_days
        limit 1
    ) as deadline
order by subject.case_id
on conflict do nothing
