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
    to_date(period_code, 'MM/YYYY') as period_month,
    dossier_code,
    procedure_code,
    dossier_status,
    dossier_status = '9' as is_deleted,
    to_timestamp(received_at, 'DD/MM/YYYY HH24:MI:SS') as received_at,
    to_timestamp(recorded_at, 'DD/MM/YYYY HH24:MI:SS') as recorded_at,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from accepted
