-- Purpose:    the chain with its notes, in order.
-- Grain:      one link; its note is empty where it is gone.
-- Parameters: none.
-- Reads:      ops.audit_link, ops.audit_note.
-- Writes:     nothing.
select
    link.entry_no,
    encode(link.hash, 'hex') as hash,
    concat_ws(
        E'\n', link.entry_no, note.note_id, note.kind, note.source_id, note.noted_by,
        note.noted_at::text, note.body
    ) as text
from ops.audit_link as link
left join ops.audit_note as note on link.note_id = note.note_id
order by link.entry_no
