-- Purpose:    all tokens, without their hashes.
-- Grain:      one token.
-- Parameters: none.
-- Reads:      ops.api_token.
-- Writes:     nothing.
select
    token_id,
    name,
    scopes,
    per_minute,
    made_at,
    made_by,
    expires_at,
    revoked_at,
    revoked_at is null and expires_at > clock_timestamp() as is_valid
from ops.api_token
order by token_id
