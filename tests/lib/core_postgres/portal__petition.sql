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
    to_timestamp(received_at, 'DD/MM/YYYY HH24:MI:SS') as received_at,
    to_timestamp(due_at, 'DD/MM/YYYY HH24:MI:SS') as due_at,
    to_timestamp(answered_at, 'DD/MM/YYYY HH24:MI:SS') as answered_at,
    petition_status,
    petition_status = '9' as is_deleted,
    rating,
    to_timestamp(rated_at, 'DD/MM/YYYY HH24:MI:SS') as rated_at,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from accepted
