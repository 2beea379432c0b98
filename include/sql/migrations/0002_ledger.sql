-- Purpose:    the ledger: loads and their files, what each rule found, what was set aside and
--             corrected. Every received row is accounted for, and the database itself refuses a
--             load whose rows do not add up.
-- Grain:      ops.load: one attempt of one run to load one dataset; the other tables: see their
--             comments.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.load, ops.watermark, ops.landing_file, ops.validation_result, ops.quarantine.

create table ops.load (
    load_id bigint generated always as identity primary key,
    source_code text not null,
    dataset_code text not null,
    run_key text not null,
    attempt integer not null check (attempt > 0),
    day date not null,
    window_since timestamptz,
    window_until timestamptz not null,
    contract_version text not null,
    status text not null default 'open' check (
        status in (
            'open', 'landed', 'staged', 'validated', 'held', 'quarantined', 'published',
            'abandoned'
        )
    ),
    export_handle text,
    declared_count bigint,
    received_count bigint,
    inserted_count bigint,
    updated_count bigint,
    unchanged_count bigint,
    deleted_count bigint,
    superseded_count bigint,
    quarantined_count bigint,
    affects_from date,
    drift text[] not null default '{}',
    cause text,
    opened_at timestamptz not null default now(),
    published_at timestamptz,
    corrects_load_id bigint references ops.load,
    unique (source_code, dataset_code, run_key, attempt),
    constraint load_window_runs_forward check (
        window_since is null or window_since < window_until
    ),
    constraint load_balances check (
        status <> 'published'
        or (
            received_count is not null
            and received_count
            = inserted_count + updated_count + unchanged_count
            + deleted_count + superseded_count + quarantined_count
        ) is true
    ),
    constraint load_received_what_was_declared check (
        status <> 'published' or (declared_count = received_count) is true
    )
);
create index load_by_dataset on ops.load (source_code, dataset_code, window_until);
comment on table ops.load is
'One attempt of one run to load one dataset: its window, its books, its end. | Sổ nạp dữ liệu.';
comment on column ops.load.load_id is 'The load.';
comment on column ops.load.source_code is 'Source key: police, insurance, …';
comment on column ops.load.dataset_code is 'Dataset of the source: resident, …';
comment on column ops.load.run_key is 'Orchestrator run that asked for the load.';
comment on column ops.load.attempt is 'Grows when a finished load is asked for again.';
comment on column ops.load.day is 'Vietnamese calendar day whose end closes the window.';
comment on column ops.load.window_since is 'Versions after this moment were asked for; null: all.';
comment on column ops.load.window_until is 'Versions up to and including this moment.';
comment on column ops.load.contract_version is 'Version of the contract it was loaded under.';
comment on column ops.load.status is
'open, landed, staged, validated or held, quarantined, published; abandoned: asked for anew.';
comment on column ops.load.export_handle is 'Where an asynchronous export is being prepared.';
comment on column ops.load.declared_count is 'Records the source said it would deliver.';
comment on column ops.load.received_count is 'Records that arrived, readable or not.';
comment on column ops.load.inserted_count is 'Records of a key that core did not know.';
comment on column ops.load.updated_count is 'Newer versions of a known key.';
comment on column ops.load.unchanged_count is 'Versions that core holds already.';
comment on column ops.load.deleted_count is 'Versions by which the source withdraws a record.';
comment on column ops.load.superseded_count is
'Older versions (kept as history) and duplicates within the batch.';
comment on column ops.load.quarantined_count is 'Records set aside; see ops.quarantine.';
comment on column ops.load.affects_from is 'Earliest day whose KPIs this load can change.';
comment on column ops.load.drift is 'Fields that the contract does not know.';
comment on column ops.load.cause is 'Why the load is not published, in a sentence.';
comment on column ops.load.opened_at is 'When the run first asked for it.';
comment on column ops.load.published_at is 'When its rows, watermark and books were committed.';
comment on column ops.load.corrects_load_id is
'Load whose rejected records this one brings again, corrected by a steward; empty: it came from the
source.';

create table ops.watermark (
    source_code text not null,
    dataset_code text not null,
    reached timestamptz not null,
    load_id bigint not null references ops.load,
    primary key (source_code, dataset_code)
);
comment on table ops.watermark is
'Up to which moment a dataset is in core; moves only with its rows. | Mốc đồng bộ.';
comment on column ops.watermark.source_code is 'Source key.';
comment on column ops.watermark.dataset_code is 'Dataset of the source.';
comment on column ops.watermark.reached is 'Versions up to this moment are in core.';
comment on column ops.watermark.load_id is 'Load that moved it here.';

create table ops.landing_file (
    load_id bigint not null references ops.load,
    piece_no integer not null,
    piece_name text not null,
    landed_path text not null,
    sha256 text not null,
    byte_count bigint not null,
    declared_count bigint not null,
    resume_token text,
    first_row bigint,
    landed_at timestamptz not null default now(),
    purged_at timestamptz,
    primary key (load_id, piece_no)
);
create index landing_file_kept on ops.landing_file (landed_path) where purged_at is null;
comment on table ops.landing_file is
'The immutable files of a load, in the order received, by content hash. | Tệp tiếp nhận.';
comment on column ops.landing_file.load_id is 'Load it belongs to.';
comment on column ops.landing_file.piece_no is 'Order in which it came, from 1.';
comment on column ops.landing_file.piece_name is 'What the source calls it: page, file, workbook.';
comment on column ops.landing_file.landed_path is 'Where landing keeps it.';
comment on column ops.landing_file.sha256 is 'Digest of its bytes, proven whenever it is read.';
comment on column ops.landing_file.byte_count is 'Its size in bytes.';
comment on column ops.landing_file.declared_count is 'Records the source says it holds.';
comment on column ops.landing_file.resume_token is 'Where extraction goes on after this piece.';
comment on column ops.landing_file.first_row is
'Row number of the file''s first line: line in file = row number - first_row + 1.';
comment on column ops.landing_file.landed_at is 'When it was complete.';
comment on column ops.landing_file.purged_at is
'When the file was removed, its period being over; empty: it is there.';

create table ops.validation_result (
    load_id bigint not null references ops.load,
    rule_code text not null,
    column_name text not null,
    expectation_type text not null,
    severity text not null check (severity in ('critical', 'warning', 'info')),
    dimension text not null,
    is_success boolean not null,
    element_count bigint not null,
    unexpected_count bigint not null,
    allowed_share double precision,
    reason_en text not null,
    reason_vi text not null,
    primary key (load_id, rule_code, column_name, expectation_type)
);
comment on table ops.validation_result is
'What each rule of the suite found in a load: counts, never values. | Kết quả kiểm tra.';
comment on column ops.validation_result.load_id is 'Load that was checked.';
comment on column ops.validation_result.rule_code is 'Rule of the suite; may be two expectations.';
comment on column ops.validation_result.column_name is 'Column it looks at; empty: the table.';
comment on column ops.validation_result.expectation_type is 'Great Expectations type.';
comment on column ops.validation_result.severity is 'critical quarantines; warning is recorded.';
comment on column ops.validation_result.dimension is 'đúng, đủ, sạch or sống.';
comment on column ops.validation_result.is_success is 'Whether mostly was met.';
comment on column ops.validation_result.element_count is 'Readable records it was asked of.';
comment on column ops.validation_result.unexpected_count is 'Records that broke it.';
comment on column ops.validation_result.allowed_share is 'Share that must pass (mostly).';
comment on column ops.validation_result.reason_en is 'What the rule asks, in English.';
comment on column ops.validation_result.reason_vi is 'What the rule asks, in Vietnamese.';

create table ops.quarantine (
    load_id bigint not null references ops.load,
    row_no bigint not null,
    source_code text not null,
    dataset_code text not null,
    rule_codes text[] not null check (cardinality(rule_codes) > 0),
    payload jsonb,
    quarantined_at timestamptz not null default now(),
    purged_at timestamptz,
    primary key (load_id, row_no),
    constraint quarantine_payload_is_there_or_purged check (
        (payload is null) = (purged_at is not null)
    )
);
create index quarantine_by_dataset on ops.quarantine (source_code, dataset_code);
create index quarantine_kept on ops.quarantine (source_code, dataset_code, quarantined_at)
where purged_at is null;
comment on table ops.quarantine is
'Every record set aside, with all the rules it broke. Holds identities. | Khu cách ly.';
comment on column ops.quarantine.load_id is 'Load it came with.';
comment on column ops.quarantine.row_no is 'Its position in the load.';
comment on column ops.quarantine.source_code is 'Source key.';
comment on column ops.quarantine.dataset_code is 'Dataset of the source.';
comment on column ops.quarantine.rule_codes is 'Every critical rule it broke.';
comment on column ops.quarantine.payload is 'The record as received; empty once it is purged.';
comment on column ops.quarantine.quarantined_at is 'When it was set aside.';
comment on column ops.quarantine.purged_at is
'When the payload was removed, its period being over; row, rules and count stay.';

-- What is quarantined is evidence: added to and superseded with its load, never edited. Deleting is
-- allowed only so that a repeated step can write the same rows again.
revoke update on ops.quarantine from dean06_loader;

grant select on ops.load, ops.watermark, ops.validation_result to dean06_ui;
