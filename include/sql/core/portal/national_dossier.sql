-- Purpose:    give the received text of portal.national_dossier its types and meaning.
-- Grain:      one version of one line of the list. | Một phiên bản của một dòng trong danh sách.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    entry_code,
    period_code,
    core.day_first('01/' || period_code) as period_month,
    dossier_code,
    procedure_code,
    dossier_status,
    dossier_status = '9' as is_deleted,
    core.local_moment_of(received_at) as received_at,
    core.local_moment_of(recorded_at) as recorded_at,
    core.local_moment_of(updated_at) as updated_at
from accepted
