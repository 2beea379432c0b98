-- Purpose:    the token that a hash belongs to, if it can still be used.
-- Grain:      at most one token.
-- Parameters: digest: SHA-256 of what was sent.
-- Reads:      ops.api_token.
-- Writes:     nothing.
select
    token_id,
    scopes,
    per_minute,
    expires_at
from ops.api_token
where
    digest = :digest
    and revoked_at is null
    and expires_at > clock_timestamp()
