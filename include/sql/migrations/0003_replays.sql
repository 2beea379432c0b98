-- Purpose:    corrected records and the loads that bring them again, and who read a quarantined
--             record.
-- Grain:      ops.replay: one request; ops.replay_row: one corrected record; ops.payload_read: one
--             reading.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.replay, ops.replay_row, ops.payload_read.

create table ops.replay (
    replay_id bigint generated always as identity primary key,
    corrects_load_id bigint not null references ops.load,
    asked_by text not null check (length(btrim(asked_by)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    asked_at timestamptz not null default clock_timestamp()
);
comment on table ops.replay is
'Who had which rejected records of a load taken over, corrected. | Nạp lại bản ghi đã sửa.';
comment on column ops.replay.replay_id is 'The replay; its run is replay__<number>.';
comment on column ops.replay.corrects_load_id is 'Load whose records were rejected.';
comment on column ops.replay.asked_by is 'Who corrected them.';
comment on column ops.replay.reason is 'Why, and on which evidence, in their words.';
comment on column ops.replay.asked_at is 'When.';

create table ops.replay_row (
    replay_id bigint not null references ops.replay,
    row_no bigint not null,
    position integer not null check (position > 0),
    payload jsonb,
    purged_at timestamptz,
    primary key (replay_id, row_no),
    unique (replay_id, position),
    constraint replay_payload_is_there_or_purged check (
        (payload is null) = (purged_at is not null)
    )
);
comment on table ops.replay_row is
'The corrected records of a replay. Holds identities. | Bản ghi đã sửa.';
comment on column ops.replay_row.replay_id is 'The replay.';
comment on column ops.replay_row.row_no is 'Position of the record in the load that rejected it.';
comment on column ops.replay_row.position is 'Its position in the replay''s own load.';
comment on column ops.replay_row.payload is
'Columns of the contract, as text; empty once it is purged.';
comment on column ops.replay_row.purged_at is
'When the payload was removed, its period being over; who corrected the row and why stays.';

create table ops.payload_read (
    read_id bigint generated always as identity primary key,
    read_at timestamptz not null default clock_timestamp(),
    reader text not null check (length(btrim(reader)) > 0),
    reason text not null check (length(btrim(reason)) >= 5),
    load_id bigint not null,
    row_no bigint not null
);
comment on table ops.payload_read is
'Who looked at which quarantined record, when and why; written before it is shown. |
Nhật ký xem bản ghi cách ly.';
comment on column ops.payload_read.read_id is 'The reading.';
comment on column ops.payload_read.read_at is 'When.';
comment on column ops.payload_read.reader is 'User of Airflow who asked.';
comment on column ops.payload_read.reason is 'Why, in the reader''s words.';
comment on column ops.payload_read.load_id is 'Load of the record.';
comment on column ops.payload_read.row_no is 'Its position in the load.';

-- Pages write corrected records and see what became of them, never the records themselves.
revoke update, delete on ops.replay, ops.replay_row from dean06_loader;
grant select, insert on ops.replay to dean06_ui;
grant insert on ops.replay_row to dean06_ui;
grant select on ops.payload_read to dean06_ui;
