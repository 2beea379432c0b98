-- Purpose:    from when to when the record of a case was wrong: due when, closed when and by what
--             evidence. A record that breaks again has a further spell of the same case.
-- Grain:      one case and spell.
-- Parameters: none.
-- Reads:      ops.correction_case, ops.correction_step, ops.load.
-- Writes:     ops.correction_spell.
create or replace view ops.correction_spell with (security_invoker = true) as
with spell as (
    select
        source_code,
        case_id,
        spell_no,
        min(day) filter (where event = 'broken') as opened_on,
        count(*) filter (where event = 'broken') as listed_count,
        min(working_days) as working_days,
        min(due_on) as due_on,
        -- As texts: arrays of several lengths cannot be gathered in one.
        (
            array_agg(array_to_string(codes, ',') order by step_no desc)
            filter (where event = 'broken')
        )[1] as codes,
        (array_agg(severity order by working_days asc nulls last))[1] as severity,
        max(day) filter (where event <> 'broken') as proven_on,
        max(event) filter (where event <> 'broken') as outcome,
        max(load_id) filter (where event <> 'broken') as closed_by_load_id,
        max(verification_id) filter (where event <> 'broken') as closed_by_verification_id
    from ops.correction_step
    group by source_code, case_id, spell_no
),

clock as (
    select max(day) as today
    from ops.load
    where status = 'published'
)

select
    spell.case_id,
    spell.spell_no,
    spell.source_code,
    about.dataset_code,
    about.kind,
    string_to_array(spell.codes, ',') as codes,
    spell.severity,
    spell.opened_on,
    spell.listed_count,
    spell.working_days,
    spell.due_on,
    closed.day as closed_on,
    spell.outcome,
    spell.closed_by_load_id,
    spell.closed_by_verification_id,
    coalesce(closed.day is null and spell.due_on < clock.today, false) as is_overdue,
    coalesce(closed.day > spell.due_on, false) as is_late,
    spell.spell_no = max(spell.spell_no) over (partition by spell.source_code, spell.case_id)
        as is_last
from spell
inner join ops.correction_case as about on spell.case_id = about.case_id
-- A day that is loaded after later ones may prove what was listed before.
cross join
    lateral (
        select case
            when spell.outcome is not null then greatest(spell.proven_on, spell.opened_on)
        end as day
    ) as closed
cross join clock;

comment on view ops.correction_spell is
'From when to when the record of a case was wrong, with deadline and evidence: for stewards. |
Từng lần phát hiện lỗi của yêu cầu chỉnh sửa: thời hạn, ngày hoàn thành, căn cứ.';
comment on column ops.correction_spell.case_id is 'The case.';
comment on column ops.correction_spell.spell_no is '1, and one more each time it broke again.';
comment on column ops.correction_spell.source_code is 'Source whose agency has to correct it.';
comment on column ops.correction_spell.dataset_code is 'Source and dataset.';
comment on column ops.correction_spell.kind is 'rejected or mismatch.';
comment on column ops.correction_spell.codes is 'Rules broken or verdict, as listed last.';
comment on column ops.correction_spell.severity is 'severe, moderate or minor.';
comment on column ops.correction_spell.opened_on is 'Day of the list that had it first.';
comment on column ops.correction_spell.listed_count is 'Times it was listed.';
comment on column ops.correction_spell.working_days is 'Working days to correct it.';
comment on column ops.correction_spell.due_on is
'Last day in time; null: its working days are not known yet.';
comment on column ops.correction_spell.closed_on is
'Day of the delivery that proves it; null: open.';
comment on column ops.correction_spell.outcome is 'corrected, withdrawn or registry_changed.';
comment on column ops.correction_spell.closed_by_load_id is 'Load that proves it.';
comment on column ops.correction_spell.closed_by_verification_id is
'Run of verification that proves it.';
comment on column ops.correction_spell.is_overdue is
'Open after its last day, on the last day that any source has published.';
comment on column ops.correction_spell.is_late is 'Closed after its last day.';
comment on column ops.correction_spell.is_last is 'The last spell of its case.';

grant select on ops.correction_spell to dean06_ui;
