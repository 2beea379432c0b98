-- Purpose:    store a new token.
-- Grain:      one token.
-- Parameters: name; digest; scopes; per_minute; days: for how long it can be used.
-- Reads:      nothing.
-- Writes:     ops.api_token.
insert into ops.api_token (name, digest, scopes, per_minute, expires_at)
values (
    :name,
    :digest,
    :scopes,
    :per_minute,
    clock_timestamp() + cast(:days as integer) * interval '1 day'
)
returning token_id, expires_at
