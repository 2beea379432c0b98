-- Purpose:    give the received text of police.eid_account its types and meaning.
-- Grain:      one version of one account. | Một phiên bản của một tài khoản.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
select
    _row,
    account_id,
    personal_id,
    commune_code,
    core.iso_moment(registered_at) as registered_at,
    core.iso_moment(level2_at) as level2_at,
    core.iso_moment(activated_at) as activated_at,
    core.iso_moment(locked_at) as locked_at,
    core.flag_of(is_deleted) as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
