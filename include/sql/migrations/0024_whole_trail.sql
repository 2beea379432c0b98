-- Purpose:    all that decides on personal data, reads or removes them is in the audit chain.
--             Lifting a restriction takes two persons. Nobody but the owner's functions writes any
--             of it.
-- Grain:      none (columns, constraints, privileges, and notes of rows from before).
-- Parameters: none.
-- Reads:      ops.purge, ops.replay_hold, ops.replay_row, ops.restricted_person,
--             ops.subject_request, ops.token_key.
-- Writes:     ops.audit_note, ops.replay_row.

-- What may not stand in the chain is in it as a digest. Its salt goes when the data go: a digest
-- whose salt is gone tells nothing.
alter table ops.replay_row
add column corrected_id bigint generated always as identity unique,
add column salt uuid default gen_random_uuid();
alter table ops.replay_row disable trigger user;
update ops.replay_row set salt = null
where payload is null;
alter table ops.replay_row enable trigger user;
alter table ops.replay_row add constraint replay_salt_goes_with_the_payload check (
    (salt is null) = (payload is null)
);
comment on column ops.replay_row.corrected_id is 'The corrected record, in the audit chain.';
comment on column ops.replay_row.salt is
'Salt of the payload''s digest in the audit chain; empty once the payload is.';

alter table ops.replay_hold add column hold_id bigint generated always as identity unique;
comment on column ops.replay_hold.hold_id is 'The reason, in the audit chain.';

-- A restriction that was lifted stays as a row that names nobody.
alter table ops.restricted_person drop constraint restricted_person_pkey;
alter table ops.restricted_person alter column personal_id drop not null;
alter table ops.restricted_person
add column restriction_id bigint generated always as identity primary key,
add column salt uuid default gen_random_uuid(),
add column proposed_by text,
add column proposed_at timestamptz,
add column lifted_by text,
add column lifted_at timestamptz,
add constraint a_person_is_restricted_once unique (personal_id),
add constraint a_lifted_restriction_names_nobody check (
    (personal_id is null) = (lifted_at is not null)
    and (salt is null) = (personal_id is null)
    and (lifted_by is null) = (lifted_at is null)
    and (proposed_by is null) = (proposed_at is null)
    and (lifted_by is null or proposed_by is not null)
);
comment on table ops.restricted_person is
'Persons who are given no token: facts show their rows without a person. One that was lifted stays
without its person. | Người bị hạn chế xử lý: không có mã thay thế.';
comment on column ops.restricted_person.personal_id is
'Number in the registry; empty once it is lifted. [personal]';
comment on column ops.restricted_person.restriction_id is 'The restriction.';
comment on column ops.restricted_person.salt is
'Salt of the number''s digest in the audit chain; empty once it is lifted.';
comment on column ops.restricted_person.proposed_by is 'Who proposed to lift it.';
comment on column ops.restricted_person.proposed_at is 'When.';
comment on column ops.restricted_person.lifted_by is 'Second person, who lifted it.';
comment on column ops.restricted_person.lifted_at is 'When.';

alter table ops.subject_request
add column restriction_id bigint references ops.restricted_person (restriction_id);
comment on column ops.subject_request.restriction_id is
'Of a release: the restriction that it is about; empty: there was none.';

-- Written by ops.ask_about_person, ops.restrict_person and ops.lift_restriction alone.
revoke insert on ops.subject_request from dean06_loader;
revoke insert, update, delete on ops.restricted_person from dean06_loader;
-- Pages link notes and read none.
revoke select on ops.audit_note, ops.audit_link from dean06_ui;

alter table ops.audit_note drop constraint audit_note_kind_check;
alter table ops.audit_note add constraint audit_note_kind_check check (
    kind in (
        'payload_read', 'replay', 'replay_row', 'replay_hold', 'replay_decision', 'kpi_build',
        'kpi_publication', 'load', 'subject_request', 'restricted_person', 'purge', 'token_key'
    )
);
comment on column ops.audit_note.body is
'That row as JSON; payloads and numbers of persons as salted digests; moments in UTC.';

-- Rows from before enter the chain as they are.
set local timezone = 'UTC';
insert into ops.audit_note (kind, source_id, body, noted_by, noted_at)
select
    kind,
    source_id,
    body,
    'before the chain' as noted_by,
    clock_timestamp() as noted_at
from (
    select
        1 as place,
        'replay_row' as kind,
        corrected_id as source_id,
        (
            to_jsonb(it) - array['salt', 'payload'] || jsonb_build_object(
                'digest',
                encode(
                    sha256(convert_to(salt::text || E'\n' || payload::text, 'UTF8')), 'hex'
                )
            )
        )::text as body
    from ops.replay_row as it
    union all
    select
        2 as place,
        'replay_hold' as kind,
        hold_id as source_id,
        to_jsonb(it)::text as body
    from ops.replay_hold as it
    union all
    select
        3 as place,
        'subject_request' as kind,
        request_id as source_id,
        to_jsonb(it)::text as body
    from ops.subject_request as it
    union all
    select
        4 as place,
        'restricted_person' as kind,
        restriction_id as source_id,
        (
            to_jsonb(it) - array['salt', 'personal_id'] || jsonb_build_object(
                'digest',
                encode(sha256(convert_to(salt::text || E'\n' || personal_id, 'UTF8')), 'hex')
            )
        )::text as body
    from ops.restricted_person as it
    union all
    select
        5 as place,
        'purge' as kind,
        purge_id as source_id,
        to_jsonb(it)::text as body
    from ops.purge as it
    union all
    select
        6 as place,
        'token_key' as kind,
        key_version as source_id,
        to_jsonb(it)::text as body
    from ops.token_key as it
) as before_the_chain
order by place, source_id;
set local timezone = 'Asia/Ho_Chi_Minh';
