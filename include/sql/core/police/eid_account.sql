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
    core.moment_of(registered_at) as registered_at,
    core.moment_of(level2_at) as level2_at,
    core.moment_of(activated_at) as activated_at,
    core.moment_of(locked_at) as locked_at,
    core.flag_of(is_deleted) as is_deleted,
    core.moment_of(updated_at) as updated_at
from accepted
