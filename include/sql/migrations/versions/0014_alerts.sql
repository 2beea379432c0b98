-- Purpose:    what the watchdog found wrong, until when, what it has told; when credentials end.
-- Grain:      ops.alert: one trouble from the round that found it to the round that missed it;
--             ops.source_credential: one source; ops.watchdog: its last round.
-- Parameters: none.
-- Reads:      nothing.
create table ops.alert (
    alert_id bigint generated always as identity primary key,
    alert_key text not null,
    message_en text not null,
    message_vi text not null,
    opened_at timestamptz not null,
    told_at timestamptz,
    closed_at timestamptz,
    recovery_told_at timestamptz,
    constraint alert_ends_after_it_began check (closed_at is null or closed_at >= opened_at)
);
create unique index alert_is_open_once on ops.alert (alert_key) where closed_at is null;

comment on table ops.alert is
'Troubles that the watchdog found; one that comes back is another row. | Cảnh báo.';
comment on column ops.alert.alert_id is 'Number of the trouble.';
comment on column ops.alert.alert_key is 'What is wrong, with what: stale:police, held:7 …';
comment on column ops.alert.message_en is 'What happened and what to do, no personal data.';
comment on column ops.alert.message_vi is 'Nội dung cảnh báo và việc cần làm.';
comment on column ops.alert.opened_at is 'When it was first found.';
comment on column ops.alert.told_at is 'When people were last told; null: not yet.';
comment on column ops.alert.closed_at is 'When it was found to be over.';
comment on column ops.alert.recovery_told_at is 'When people were told that it is over.';

create table ops.watchdog (
    only_row boolean primary key default true check (only_row),
    checked_at timestamptz not null
);
comment on table ops.watchdog is
'When the watchdog last looked: who watches the watchdog looks here. | Lần kiểm tra gần nhất.';
comment on column ops.watchdog.only_row is 'There is one row.';
comment on column ops.watchdog.checked_at is 'End of its last round.';

create table ops.source_credential (
    source_code text primary key,
    expires_on date,
    seen_at timestamptz not null default clock_timestamp()
);
comment on table ops.source_credential is
'Last day of the credentials that syncs use (extra field expires_on of a source''s connection).
| Ngày hết hạn thông tin xác thực.';
comment on column ops.source_credential.source_code is 'Source.';
comment on column ops.source_credential.expires_on is 'Last day on which they are valid.';
comment on column ops.source_credential.seen_at is 'When a sync last looked.';
