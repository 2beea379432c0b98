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
    registered_at::timestamptz as registered_at,
    level2_at::timestamptz as level2_at,
    activated_at::timestamptz as activated_at,
    locked_at::timestamptz as locked_at,
    is_deleted::boolean as is_deleted,
    updated_at::timestamptz as updated_at
from accepted
