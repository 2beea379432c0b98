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
    core.day_first('01/' || period_code) as period_month,
    procedure_code,
    core.whole_number(dossier_count) as dossier_count,
    core.local_moment_of(closed_at) as closed_at,
    core.local_moment_of(updated_at) as updated_at
from accepted
