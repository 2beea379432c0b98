-- Purpose:    corrections that change whose record it is, or its moment, wait for a second person.
-- Grain:      ops.replay_binding: one dataset; ops.replay_hold: one reason of one corrected record;
--             ops.replay_decision: one decided replay.
-- Parameters: none.
-- Reads:      ops.load, ops.replay, ops.replay_row.
-- Writes:     ops.replay_binding, ops.replay_hold, ops.replay_decision.

create table ops.replay_binding (
    source_code text not null,
    dataset_code text not null,
    key_columns text[] not null check (cardinality(key_columns) > 0),
    version_column text not null,
    primary key (source_code, dataset_code)
);
comment on table ops.replay_binding is
'Columns that a correction keeps unless a second person approves; from the contracts. |
Cột không được đổi khi sửa bản ghi, trừ khi người thứ hai duyệt.';
comment on column ops.replay_binding.source_code is 'Source key.';
comment on column ops.replay_binding.dataset_code is 'Dataset of the source.';
comment on column ops.replay_binding.key_columns is 'Columns of its key.';
comment on column ops.replay_binding.version_column is 'Column that orders versions of a record.';

alter table ops.replay add constraint replay_and_who_asked unique (replay_id, asked_by);

create table ops.replay_hold (
    replay_id bigint not null,
    row_no bigint not null,
    cause text not null check (
        cause in ('key_changed', 'key_unread', 'moment_changed', 'known_later')
    ),
    found_at timestamptz not null default clock_timestamp(),
    primary key (replay_id, row_no, cause),
    foreign key (replay_id, row_no) references ops.replay_row
);
comment on table ops.replay_hold is
'Why a correction waits for a second person. | Lý do bản sửa cần người thứ hai duyệt.';
comment on column ops.replay_hold.replay_id is 'The replay.';
comment on column ops.replay_hold.row_no is 'Position of the record in the load that rejected it.';
comment on column ops.replay_hold.cause is
'key_changed, moment_changed: the rejected record has another one; key_unread: the rejected record
shows no key; known_later: core has a version of the record from that moment or a later one.';
comment on column ops.replay_hold.found_at is 'When.';

create table ops.replay_decision (
    replay_id bigint primary key,
    asked_by text not null,
    decision text not null check (decision in ('approved', 'declined')),
    decided_by text not null check (length(btrim(decided_by)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    decided_at timestamptz not null default clock_timestamp(),
    foreign key (replay_id, asked_by) references ops.replay (replay_id, asked_by),
    -- The prefix says where a person logged in; the name is the person's.
    constraint a_second_person_approves check (
        decision = 'declined'
        or regexp_replace(lower(btrim(decided_by)), '^(os|db):', '')
        <> regexp_replace(lower(btrim(asked_by)), '^(os|db):', '')
    )
);
comment on table ops.replay_decision is
'Who approved or declined a correction that waited. | Người duyệt hoặc từ chối bản sửa.';
comment on column ops.replay_decision.replay_id is 'The replay.';
comment on column ops.replay_decision.asked_by is 'Who corrected the records.';
comment on column ops.replay_decision.decision is
'approved: by somebody else; declined: by anybody.';
comment on column ops.replay_decision.decided_by is 'Who decided.';
comment on column ops.replay_decision.reason is 'Why, in their words.';
comment on column ops.replay_decision.decided_at is 'When.';

-- What waited before this step has not been compared: all of it waits for a second person.
insert into ops.replay_hold (replay_id, row_no, cause)
select
    corrected.replay_id,
    corrected.row_no,
    'key_unread' as cause
from ops.replay_row as corrected
inner join ops.replay on corrected.replay_id = replay.replay_id
where not exists (
    select from ops.load
    where
        load.corrects_load_id = replay.corrects_load_id
        and load.run_key = 'replay__' || replay.replay_id
        and load.status = 'published'
);

revoke insert, update, delete on ops.replay_binding from dean06_loader;
revoke update, delete on ops.replay_hold, ops.replay_decision from dean06_loader;
revoke insert on ops.replay_decision from dean06_loader;
grant select on ops.replay_hold, ops.replay_decision to dean06_ui;
