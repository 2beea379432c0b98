-- Purpose:    give the received text of programme.task its types and meaning.
-- Grain:      one version of one task. | Một phiên bản của một nhiệm vụ.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    task_id,
    province_code,
    group_code,
    title,
    owner_agency,
    regexp_split_to_array(btrim(partner_agencies), '\s*,\s*') as partner_agencies,
    phase,
    to_date(deadline, 'DD/MM/YYYY') as deadline,
    to_date(completed_on, 'DD/MM/YYYY') as completed_on,
    task_status,
    coalesce(is_synthetic = 'x', false) as is_synthetic,
    -- A deadline or completion that is entered late, or moved, changes past days.
    least(
        to_date(deadline, 'DD/MM/YYYY'),
        to_date(completed_on, 'DD/MM/YYYY'),
        to_date(updated_at, 'DD/MM/YYYY')
    ) as counts_from,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from accepted
