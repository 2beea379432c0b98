-- Purpose:    which heads of the audit chain were signed and stored, and which one people were last
--             sent: a chain that nobody vouches for is noticed.
-- Grain:      ops.audit_head: one signed head.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.audit_head.

create table ops.audit_head (
    entry_no bigint primary key,
    hash text not null,
    signature text not null,
    signed_at timestamptz not null,
    stored_at timestamptz not null default clock_timestamp()
);
comment on table ops.audit_head is
'Heads of the audit chain that were signed and stored outside of the warehouse. |
Các mốc nhật ký đã ký và lưu ngoài kho.';
comment on column ops.audit_head.entry_no is 'Place of the head in the chain.';
comment on column ops.audit_head.hash is 'Its hash, in hexadecimal.';
comment on column ops.audit_head.signature is 'Ed25519 over place, hash and moment.';
comment on column ops.audit_head.signed_at is 'When it was signed.';
comment on column ops.audit_head.stored_at is 'When its file was in its place.';

-- Written by ops.record_head alone.
revoke insert, update, delete on ops.audit_head from dean06_loader;

alter table ops.watchdog add column head_entry_no bigint;
alter table ops.watchdog add column head_told_at timestamptz;
comment on column ops.watchdog.head_entry_no is 'Head of the audit chain that was last sent.';
comment on column ops.watchdog.head_told_at is 'When.';
