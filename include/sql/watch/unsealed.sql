-- Purpose:    notes of the audit chain that no signed and stored head covers, the oldest from
--             before a moment.
-- Grain:      one row; none when every note from before that moment is covered.
-- Parameters: before.
-- Reads:      ops.audit_head, ops.audit_link, ops.audit_note.
-- Writes:     nothing.
select
    count(*) as notes,
    min(note.noted_at) as since
from ops.audit_note as note
left join ops.audit_link as link on note.note_id = link.note_id
where
    link.entry_no is null
    or link.entry_no > (select coalesce(max(head.entry_no), 0) from ops.audit_head as head)
having min(note.noted_at) < :before
