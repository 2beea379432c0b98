-- Purpose:    the events of each case in order: to which spell each belongs, which ones close it,
--             and by when the record had to be right according to what had been listed so far.
-- Grain:      one event that opens, repeats or closes a spell.
-- Parameters: none.
-- Reads:      ops.calendar_day, ops.correction_case, ops.correction_event.
-- Writes:     ops.correction_step.
--
-- A list of a day is sent on the day after; working days are counted from the day that follows (Bộ
-- luật Dân sự 2015, Điều 147). A record that is listed again keeps its first deadline, or gets an
-- earlier one. Windows name the source too, so that a question about one reads its cases only.
create or replace view ops.correction_step with (security_invoker = true) as
with dated as (
    select
        about.source_code,
        event.*,
        event.event = 'broken' as is_broken,
        coalesce(event.load_id, event.verification_id) as evidence_no,
        due.day as own_due_on
    from ops.correction_event as event
    inner join ops.correction_case as about on event.case_id = about.case_id
    left join ops.calendar_day as sent on event.day + 1 = sent.day
    left join ops.calendar_day as due
        on sent.working_no + event.working_days = due.working_no and due.is_working
),

followed as (
    select
        dated.*,
        lag(dated.is_broken, 1, false) over (
            partition by dated.source_code, dated.case_id
            -- Of one load and moment: what came right counts last.
            order by dated.moment asc, dated.evidence_no asc, dated.is_broken desc
        ) as was_broken
    from dated
),

numbered as (
    select
        followed.*,
        count(*) filter (where followed.is_broken and not followed.was_broken) over (
            partition by followed.source_code, followed.case_id
            order by followed.moment asc, followed.evidence_no asc, followed.is_broken desc
        ) as spell_no
    from followed
)

select
    event_id,
    source_code,
    case_id,
    spell_no,
    event,
    day,
    load_id,
    verification_id,
    codes,
    severity,
    working_days,
    row_number() over in_spell as step_no,
    min(own_due_on) over in_spell as due_on
from numbered
where spell_no > 0 and (is_broken or was_broken)
window in_spell as (
    partition by source_code, case_id, spell_no
    order by moment asc, evidence_no asc, is_broken desc
);

comment on view ops.correction_step is
'Events of a case in order, for stewards. | Diễn biến của yêu cầu chỉnh sửa theo thời gian.';
comment on column ops.correction_step.event_id is 'The event.';
comment on column ops.correction_step.source_code is 'Source whose agency has to correct it.';
comment on column ops.correction_step.case_id is 'The case.';
comment on column ops.correction_step.spell_no is '1, and one more each time it broke again.';
comment on column ops.correction_step.event is
'broken; or what closes the spell: corrected, withdrawn, registry_changed.';
comment on column ops.correction_step.day is 'Day of the load, or of the run of verification.';
comment on column ops.correction_step.load_id is 'Load that proves it.';
comment on column ops.correction_step.verification_id is 'Run of verification that proves it.';
comment on column ops.correction_step.codes is 'Rules broken, or the verdict.';
comment on column ops.correction_step.severity is 'The most severe of the codes.';
comment on column ops.correction_step.working_days is 'Working days to correct it.';
comment on column ops.correction_step.step_no is 'Place in the spell, from 1.';
comment on column ops.correction_step.due_on is
'Last day in time by what was listed so far; null: its working days are not known yet.';

grant select on ops.correction_step to dean06_ui;
