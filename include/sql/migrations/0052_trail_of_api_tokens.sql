-- Purpose:    tokens of the API are in the audit chain: who made one, with which rights, and who
--             revoked it. The service writes nothing else of a token.
-- Grain:      none (constraint, privileges, and notes of tokens from before).
-- Parameters: none.
-- Reads:      ops.api_token.
-- Writes:     ops.audit_note.
alter table ops.audit_note drop constraint audit_note_kind_check;
alter table ops.audit_note add constraint audit_note_kind_check check (
    kind in (
        'payload_read', 'replay', 'replay_row', 'replay_hold', 'replay_decision', 'kpi_build',
        'kpi_publication', 'load', 'subject_request', 'restricted_person', 'purge', 'token_key',
        'closed_period', 'value_read', 'day_read', 'api_token'
    )
);
comment on column ops.audit_note.body is
'That row as JSON; payloads and numbers of persons as salted digests, hashes of tokens as hashes of
these; moments in UTC.';

-- When and by whom it was made are the server's own words.
revoke insert, update on ops.api_token from dean06_loader;
grant insert (name, digest, scopes, per_minute, expires_at) on ops.api_token to dean06_loader;
grant update (revoked_at) on ops.api_token to dean06_loader;

-- Tokens from before enter the chain as they are.
set local timezone = 'UTC';
insert into ops.audit_note (kind, source_id, body, noted_by, noted_at)
select
    'api_token' as kind,
    token_id,
    (
        to_jsonb(it) - 'digest'
        || jsonb_build_object('digest', encode(sha256(digest), 'hex'))
    )::text as body,
    'before the chain' as noted_by,
    clock_timestamp() as noted_at
from ops.api_token as it
order by token_id;
set local timezone = 'Asia/Ho_Chi_Minh';
