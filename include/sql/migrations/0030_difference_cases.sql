-- Purpose:    differences from the national portal are cases too: a case of a dossier, with the
--             load up to which its day was reconciled as evidence. One load may be the evidence of
--             several days.
-- Grain:      none.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     constraints of ops.correction_case; constraints of ops.correction_deadline;
--             constraints of ops.correction_event.

alter table ops.correction_case
drop constraint correction_case_kind_check,
add constraint correction_case_kind_check
check (kind in ('rejected', 'mismatch', 'difference'));
comment on column ops.correction_case.kind is
'rejected: not taken over; mismatch: not verified; difference: from the national portal.';
comment on column core.correction_record.kind is 'rejected, mismatch or difference.';

alter table ops.correction_deadline
drop constraint correction_deadline_kind_check,
add constraint correction_deadline_kind_check
check (kind in ('rejected', 'mismatch', 'difference'));
comment on column ops.correction_deadline.kind is
'rejected: code is a rule; mismatch: a verdict; difference: a kind of difference.';

alter table ops.correction_event
drop constraint correction_event_case_id_load_id_event_key,
add constraint correction_event_case_id_load_id_event_day_key
unique (case_id, load_id, event, day);
