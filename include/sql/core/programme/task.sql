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
    core.parts_of(partner_agencies) as partner_agencies,
    phase,
    core.day_first(deadline) as deadline,
    core.day_first(completed_on) as completed_on,
    task_status,
    coalesce(is_synthetic = 'x', false) as is_synthetic,
    -- A deadline or completion that is entered late, or moved, changes past days.
    least(
        core.day_first(deadline),
        core.day_first(completed_on),
        core.day_first(left(updated_at, 10))
    ) as counts_from,
    core.local_moment_of(updated_at) as updated_at
from accepted
