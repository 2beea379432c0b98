-- Purpose:    give the received text of portal.petition its types and meaning.
-- Grain:      one version of one petition. | Một phiên bản của một phản ánh, kiến nghị.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    petition_code,
    commune_code,
    core.local_moment_of(received_at) as received_at,
    core.local_moment_of(due_at) as due_at,
    core.local_moment_of(answered_at) as answered_at,
    petition_status,
    petition_status = '9' as is_deleted,
    rating,
    core.local_moment_of(rated_at) as rated_at,
    core.local_moment_of(updated_at) as updated_at
from accepted
