-- Purpose:    give the received text of portal.national_count its types and meaning.
-- Grain:      one version of the count of one procedure in one month. | Một phiên bản số liệu của
--             một thủ tục trong một tháng.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    period_code,
    to_date(period_code, 'MM/YYYY') as period_month,
    procedure_code,
    dossier_count::integer as dossier_count,
    to_timestamp(closed_at, 'DD/MM/YYYY HH24:MI:SS') as closed_at,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from accepted
