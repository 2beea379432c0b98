-- Purpose:    tokens of programs that read published values through the API: their hashes, what
--             they may read, how often, until when.
-- Grain:      one token.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.api_token.
create table ops.api_token (
    token_id bigint generated always as identity primary key,
    name text not null check (length(btrim(name)) between 1 and 100),
    digest bytea not null unique check (octet_length(digest) = 32),
    scopes text[] not null check (
        cardinality(scopes) > 0 and scopes <@ array['values', 'revisions', 'proofs']
    ),
    per_minute integer not null check (per_minute between 1 and 100000),
    made_at timestamptz not null default clock_timestamp(),
    made_by text not null default session_user,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    constraint token_expires_after_it_was_made check (made_at < expires_at)
);
comment on table ops.api_token is
'Tokens of programs that read published values through the API. | Mã truy cập API.';
comment on column ops.api_token.token_id is 'Number of the token.';
comment on column ops.api_token.name is 'The program or office that uses it.';
comment on column ops.api_token.digest is 'SHA-256 of the token; the token itself is not stored.';
comment on column ops.api_token.scopes is
'What it may read: values (also the catalogue), revisions, proofs (also signed files).';
comment on column ops.api_token.per_minute is 'Requests that it may send in a minute.';
comment on column ops.api_token.made_at is 'When it was made.';
comment on column ops.api_token.made_by is 'Login that made it.';
comment on column ops.api_token.expires_at is 'When it ends.';
comment on column ops.api_token.revoked_at is 'When it was revoked; empty: it was not.';

revoke delete, truncate on ops.api_token from dean06_loader;
grant select on ops.api_token to dean06_ui;
