-- Purpose:    a trace that cannot be rewritten unseen: notes of what people did, linked by hashes.
-- Grain:      ops.audit_note: one act; ops.audit_link: one act in the chain.
-- Parameters: none.
-- Reads:      mart.kpi_publication, ops.kpi_build, ops.load, ops.payload_read, ops.replay,
--             ops.replay_decision.
-- Writes:     ops.audit_note, ops.audit_link.

create table ops.audit_note (
    note_id bigint generated always as identity primary key,
    kind text not null check (
        kind in (
            'payload_read', 'replay', 'replay_decision', 'kpi_build', 'kpi_publication', 'load'
        )
    ),
    source_id bigint not null,
    body text not null,
    noted_by text not null,
    noted_at timestamptz not null
);
create index audit_note_by_source on ops.audit_note (kind, source_id);
comment on table ops.audit_note is
'Reads of records, corrections, decisions and publications, as they were written. |
Nhật ký việc xem bản ghi, sửa, quyết định và công bố.';
comment on column ops.audit_note.note_id is 'The note.';
comment on column ops.audit_note.kind is 'Table of the row that it is about.';
comment on column ops.audit_note.source_id is 'Key of that row.';
comment on column ops.audit_note.body is 'That row as JSON, without payload; moments in UTC.';
comment on column ops.audit_note.noted_by is
'Login of PostgreSQL; of rows from before the chain: before the chain.';
comment on column ops.audit_note.noted_at is 'When, by the clock of the server.';

create table ops.audit_link (
    entry_no bigint primary key check (entry_no > 0),
    note_id bigint not null unique references ops.audit_note,
    hash bytea not null unique,
    linked_at timestamptz not null default clock_timestamp()
);
comment on table ops.audit_link is
'The chain: each hash covers its note and the hash before. | Chuỗi băm của nhật ký.';
comment on column ops.audit_link.entry_no is 'Place in the chain, from 1.';
comment on column ops.audit_link.note_id is 'The note.';
comment on column ops.audit_link.hash is 'SHA-256 of the hash before, the place and the note.';
comment on column ops.audit_link.linked_at is 'When.';

-- Rows from before the chain enter it as they are.
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
        'payload_read' as kind,
        read_id as source_id,
        to_jsonb(it)::text as body
    from ops.payload_read as it
    union all
    select
        2 as place,
        'replay' as kind,
        replay_id as source_id,
        to_jsonb(it)::text as body
    from ops.replay as it
    union all
    select
        3 as place,
        'replay_decision' as kind,
        replay_id as source_id,
        to_jsonb(it)::text as body
    from ops.replay_decision as it
    union all
    select
        4 as place,
        'kpi_publication' as kind,
        publication_id as source_id,
        to_jsonb(it)::text as body
    from mart.kpi_publication as it
    union all
    select
        5 as place,
        'kpi_build' as kind,
        build_id as source_id,
        to_jsonb(it)::text as body
    from ops.kpi_build as it
    where it.proposed_by is not null or it.decided_by is not null
    union all
    select
        6 as place,
        'load' as kind,
        load_id as source_id,
        to_jsonb(it)::text as body
    from ops.load as it
    where it.status = 'published'
) as before_the_chain
order by place, source_id;
set local timezone = 'Asia/Ho_Chi_Minh';

-- Notes are written by triggers and linked by ops.link_notes, and by nobody else.
revoke insert, update, delete on ops.audit_note, ops.audit_link from dean06_loader;
grant select on ops.audit_note, ops.audit_link to dean06_ui;
