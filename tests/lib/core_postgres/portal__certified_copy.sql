-- Purpose:    give the received text of portal.certified_copy its types and meaning.
-- Grain:      one version of one certified copy. | Một phiên bản của một bản sao chứng thực.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    copy_code,
    commune_code,
    to_timestamp(certified_at, 'DD/MM/YYYY HH24:MI:SS') as certified_at,
    copy_status,
    copy_status = '9' as is_deleted,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from accepted
