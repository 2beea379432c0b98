-- Purpose:    what operators need: alerts, ends of credentials, lineage sent, lists for agencies,
--             retention, and who reads which province.
-- Grain:      see the comment of each table.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.alert, ops.watchdog, ops.source_credential, ops.lineage_told, ops.agency_list,
--             ops.agency_list_count, ops.retention, ops.purge, ops.province_reader.

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

create table ops.lineage_told (
    kind text not null check (kind in ('load', 'hold', 'verification', 'publication')),
    id bigint not null,
    told_at timestamptz not null default clock_timestamp(),
    primary key (kind, id)
);
comment on table ops.lineage_told is
'Of which runs OpenLineage events were sent. | Những lượt chạy đã gửi thông tin nguồn gốc dữ liệu.';
comment on column ops.lineage_told.kind is
'load, hold (a batch held), verification or publication.';
comment on column ops.lineage_told.id is 'load_id, verification_id or publication_id.';
comment on column ops.lineage_told.told_at is 'When its events had been handed over.';

create table ops.agency_list (
    source_code text not null,
    day date not null,
    scope text not null check (scope in ('day', 'standing')),
    load_ids bigint[] not null,
    verification_ids bigint[] not null,
    rejected_count bigint not null check (rejected_count >= 0),
    mismatch_count bigint not null check (mismatch_count >= 0),
    csv_name text not null,
    csv_sha256 text not null,
    xlsx_name text not null,
    xlsx_sha256 text not null,
    written_at timestamptz not null,
    primary key (source_code, day, scope)
);
comment on table ops.agency_list is
'Lists of what an agency has to correct: counts and files, no lines. |
Danh sách trả về cơ quan: số đếm và tên tệp, không có dữ liệu cá nhân.';
comment on column ops.agency_list.source_code is 'Source whose agency it goes back to.';
comment on column ops.agency_list.day is 'Day of its loads; of a standing list: of the last load.';
comment on column ops.agency_list.scope is
'day: found on that day; standing: every mismatch that holds, whenever found.';
comment on column ops.agency_list.load_ids is 'Loads whose rejected records it has.';
comment on column ops.agency_list.verification_ids is 'Runs whose mismatches it has.';
comment on column ops.agency_list.rejected_count is 'Rejected records.';
comment on column ops.agency_list.mismatch_count is 'Records that disagree with the registry.';
comment on column ops.agency_list.csv_name is 'Its CSV file, below the root of the lists.';
comment on column ops.agency_list.csv_sha256 is 'Digest of the CSV file.';
comment on column ops.agency_list.xlsx_name is 'Its workbook, below the root of the lists.';
comment on column ops.agency_list.xlsx_sha256 is 'Digest of the workbook.';
comment on column ops.agency_list.written_at is 'When its files became what they are.';

create table ops.agency_list_count (
    source_code text not null,
    day date not null,
    scope text not null,
    kind text not null check (kind in ('rejected', 'mismatch')),
    dataset_code text not null,
    code text not null,
    record_count bigint not null check (record_count > 0),
    primary key (source_code, day, scope, kind, dataset_code, code),
    foreign key (source_code, day, scope) references ops.agency_list
);
comment on table ops.agency_list_count is
'How many records of a list broke which rule or have which verdict. | Số bản ghi theo lỗi.';
comment on column ops.agency_list_count.source_code is 'Source of the list.';
comment on column ops.agency_list_count.day is 'Day of the list.';
comment on column ops.agency_list_count.scope is 'day or standing.';
comment on column ops.agency_list_count.kind is
'rejected: broke a rule; mismatch: has a verdict that does not count as verified.';
comment on column ops.agency_list_count.dataset_code is 'Source and dataset.';
comment on column ops.agency_list_count.code is 'The rule or verdict.';
comment on column ops.agency_list_count.record_count is
'Records; one that broke two rules counts with both.';

create table ops.retention (
    what text not null check (
        what in ('landing', 'staging', 'quarantine', 'replay', 'agency_list')
    ),
    source_code text not null,
    dataset_code text not null,
    classification text not null check (
        classification in ('public', 'internal', 'personal', 'sensitive')
    ),
    kept_days integer not null check (kept_days > 0),
    basis text not null,
    primary key (what, source_code, dataset_code)
);
comment on table ops.retention is
'How long each kind of data of each dataset is kept; from include/reference/retention.csv and the
contracts. | Thời hạn lưu giữ.';
comment on column ops.retention.what is
'landing: files; staging: tables; quarantine, replay: payloads; agency_list: files.';
comment on column ops.retention.source_code is 'Source key.';
comment on column ops.retention.dataset_code is 'Dataset of the source.';
comment on column ops.retention.classification is 'The highest of its columns in the contract.';
comment on column ops.retention.kept_days is 'Days.';
comment on column ops.retention.basis is 'Where the rule comes from.';

create table ops.purge (
    purge_id bigint generated always as identity primary key,
    purged_at timestamptz not null default clock_timestamp(),
    what text not null check (
        what in ('landing', 'staging', 'quarantine', 'replay', 'agency_list')
    ),
    source_code text,
    dataset_code text,
    load_id bigint references ops.load,
    item_count bigint not null check (item_count > 0),
    byte_count bigint not null check (byte_count >= 0),
    classification text,
    kept_days integer
);
comment on table ops.purge is
'What was removed because its period was over: counts only. | Nhật ký xoá dữ liệu hết hạn lưu.';
comment on column ops.purge.purge_id is 'The removal.';
comment on column ops.purge.purged_at is 'When.';
comment on column ops.purge.what is
'landing: files; staging: tables; quarantine, replay: payloads; agency_list: files.';
comment on column ops.purge.source_code is 'Source key; empty: of no dataset that is known.';
comment on column ops.purge.dataset_code is 'Dataset; empty: of several, or none that is known.';
comment on column ops.purge.load_id is 'Load; empty: no load counted on it.';
comment on column ops.purge.item_count is 'Files, tables or payloads.';
comment on column ops.purge.byte_count is 'Bytes they took, as stored.';
comment on column ops.purge.classification is 'Rule that was applied: classification …';
comment on column ops.purge.kept_days is '… and days; both empty: it belonged to no load at all.';

create table ops.province_reader (
    login_name text not null,
    province_code text not null,
    primary key (login_name, province_code)
);
comment on table ops.province_reader is
'Which provinces a login of role dean06_bi_province reads. | Phân quyền đọc theo tỉnh.';
comment on column ops.province_reader.login_name is 'Login of PostgreSQL.';
comment on column ops.province_reader.province_code is
'Code of a province, as values say it: on boundaries of the day or on current ones.';

-- Who removes does not say when it may.
revoke insert, update, delete on ops.retention from dean06_loader;
revoke update, delete on ops.purge from dean06_loader;

grant select on ops.alert, ops.watchdog, ops.source_credential to dean06_ui;
