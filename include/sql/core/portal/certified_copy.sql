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
    core.local_moment_of(certified_at) as certified_at,
    copy_status,
    copy_status = '9' as is_deleted,
    core.local_moment_of(updated_at) as updated_at
from accepted
