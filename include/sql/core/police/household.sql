-- Purpose:    give the received text of police.household its types and meaning.
-- Grain:      one version of one household's state. | Một phiên bản trạng thái của một hộ.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
select
    _row,
    household_id,
    head_personal_id,
    residence_type,
    commune_code,
    household_status,
    core.iso_day(effective_on) as effective_on,
    core.flag_of(is_deleted) as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
