-- Purpose:    a steward's own login does not read whose data were asked for, nor the trail of acts:
--             these are for the data protection officer, who works with the service account.
-- Grain:      no rows.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
revoke select on ops.subject_request, ops.audit_note, ops.audit_link, ops.audit_head
from dean06_steward;
