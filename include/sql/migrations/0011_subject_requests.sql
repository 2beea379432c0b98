-- Purpose:    what a data protection officer was asked about a person, and whose data may be joined
--             no further. The law: 91/2025/QH15 (docs/data-protection.md).
-- Grain:      ops.subject_request: one request; ops.restricted_person: one person.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.subject_request, ops.restricted_person.
create table ops.subject_request (
    request_id bigint generated always as identity primary key,
    kind text not null check (kind in ('report', 'restrict', 'release')),
    person_token uuid,
    asked_by text not null check (length(btrim(asked_by)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    asked_at timestamptz not null default clock_timestamp()
);
comment on table ops.subject_request is
'Requests about one person: written before anything is read or changed. |
Yêu cầu của chủ thể dữ liệu, ghi lại trước khi thực hiện.';
comment on column ops.subject_request.request_id is 'Number of the request.';
comment on column ops.subject_request.kind is
'report: what the warehouse holds; restrict, release: whether the person may be joined by token.';
comment on column ops.subject_request.person_token is
'Token of the person on that day; null: not in the registry, or restricted.';
comment on column ops.subject_request.asked_by is 'Who ran it, by login.';
comment on column ops.subject_request.reason is 'Why, in their words.';
comment on column ops.subject_request.asked_at is 'When.';

create table ops.restricted_person (
    personal_id text primary key,
    request_id bigint not null references ops.subject_request
);
comment on table ops.restricted_person is
'Persons who are given no token: facts show their rows without a person. |
Người bị hạn chế xử lý: không có mã thay thế.';
comment on column ops.restricted_person.personal_id is 'Number in the registry. [personal]';
comment on column ops.restricted_person.request_id is 'The request that restricted them.';

revoke update, delete on ops.subject_request from dean06_loader;
-- Who is restricted is between them and the officer.
revoke select on ops.restricted_person from dean06_steward;
grant delete on ops.restricted_person, ops.person_token to dean06_loader;
