-- Purpose:    what publications were computed from, so that they can be computed again; and who had
--             it done, with which outcome.
-- Grain:      see the comments of the tables.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.kpi_input, ops.kpi_build_basis, ops.kpi_publication_basis, ops.replaced_purge,
--             ops.recomputation.
create table ops.kpi_input (
    digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
    kind text not null check (kind in ('family', 'relation', 'links', 'list')),
    name text not null,
    state text,
    body bytea not null,
    kept_at timestamptz not null default clock_timestamp(),
    unique (kind, name, state)
);
comment on table ops.kpi_input is
'Texts that KPIs were computed by, each once: definitions, reference tables. | Nội dung đầu vào của
chỉ tiêu.';
comment on column ops.kpi_input.digest is 'SHA-256 of kind, name and text.';
comment on column ops.kpi_input.kind is
'family: definitions and their query; relation: rows of a reference table; links: what KPIs say
about each other; list: digests of all of these.';
comment on column ops.kpi_input.name is 'Name of the family or table.';
comment on column ops.kpi_input.state is
'Number and hash of the rows of a table, by which a build finds the text again.';
comment on column ops.kpi_input.body is 'The text, compressed (zlib).';
comment on column ops.kpi_input.kept_at is 'When it was first used.';

create table ops.kpi_build_basis (
    build_id bigint primary key references ops.kpi_build,
    loads int8multirange not null,
    verification_id bigint not null,
    list_digest text not null references ops.kpi_input,
    counted_by jsonb not null,
    reads jsonb not null,
    recorded_at timestamptz not null default now()
);
comment on table ops.kpi_build_basis is
'What a build of KPIs was computed from. | Căn cứ của mỗi lần tính.';
comment on column ops.kpi_build_basis.build_id is 'The build.';
comment on column ops.kpi_build_basis.loads is 'Published loads that it saw.';
comment on column ops.kpi_build_basis.verification_id is
'Newest run of verification that it saw; 0: none.';
comment on column ops.kpi_build_basis.list_digest is 'List of its inputs.';
comment on column ops.kpi_build_basis.counted_by is
'For each family, the build that counted it: this one, or the one whose values still held.';
comment on column ops.kpi_build_basis.reads is
'For each family, the datasets that it reads; identity_verdict where it reads verdicts.';
comment on column ops.kpi_build_basis.recorded_at is 'Begin of the transaction that built it.';

create table ops.kpi_publication_basis (
    publication_id bigint primary key references mart.kpi_publication,
    build_id bigint not null references ops.kpi_build,
    list_digest text not null references ops.kpi_input,
    secret_digest text,
    recorded_at timestamptz not null default clock_timestamp()
);
comment on table ops.kpi_publication_basis is
'By what the values of a build were placed, hidden and rounded when they were published. | Căn cứ
của mỗi lần công bố.';
comment on column ops.kpi_publication_basis.publication_id is 'The publication.';
comment on column ops.kpi_publication_basis.build_id is 'Its build.';
comment on column ops.kpi_publication_basis.list_digest is 'List of the inputs.';
comment on column ops.kpi_publication_basis.secret_digest is
'SHA-256 of the secret of rounding; null: there was none.';
comment on column ops.kpi_publication_basis.recorded_at is 'When.';

-- Earlier contents are kept beyond the next build from now on: the period is that of retention.
create table ops.replaced_purge (
    what text not null check (what in ('version', 'verdict')),
    dataset_code text not null,
    replaced_by bigint not null,
    item_count bigint not null check (item_count > 0),
    purged_at timestamptz not null default clock_timestamp(),
    primary key (what, dataset_code, replaced_by)
);
comment on table ops.replaced_purge is
'Earlier versions and verdicts that were removed because their period was over: what can no longer
be computed again. | Phiên bản cũ đã xóa.';
comment on column ops.replaced_purge.what is
'version: of core.replaced_version; verdict: of core.replaced_verdict.';
comment on column ops.replaced_purge.dataset_code is 'Source and dataset.';
comment on column ops.replaced_purge.replaced_by is 'Load, or run of verification.';
comment on column ops.replaced_purge.item_count is 'How many.';
comment on column ops.replaced_purge.purged_at is 'When they were removed.';
create index replaced_version__replaced_by on core.replaced_version (dataset_code, replaced_by);
create index replaced_verdict__replaced_by on core.replaced_verdict (replaced_by);

alter table ops.retention drop constraint retention_what_check;
alter table ops.retention add constraint retention_what_check check (
    what in ('landing', 'staging', 'quarantine', 'replay', 'agency_list', 'replaced')
);
alter table ops.purge drop constraint purge_what_check;
alter table ops.purge add constraint purge_what_check check (
    what in (
        'landing', 'staging', 'quarantine', 'replay', 'agency_list', 'correction', 'replaced'
    )
);

create table ops.recomputation (
    recomputation_id bigint generated always as identity primary key,
    recomputed_at timestamptz not null default clock_timestamp(),
    publication_id bigint not null references mart.kpi_publication,
    reader text not null check (length(btrim(reader)) > 0),
    outcome text not null check (outcome in ('equal', 'differs', 'impossible')),
    value_count bigint not null check (value_count >= 0),
    difference_count bigint not null check (difference_count >= 0)
);
comment on table ops.recomputation is
'Who had a publication computed again, and with which outcome. | Nhật ký tính lại số liệu đã công
bố.';
comment on column ops.recomputation.recomputation_id is 'The recomputation.';
comment on column ops.recomputation.recomputed_at is 'When.';
comment on column ops.recomputation.publication_id is 'The publication.';
comment on column ops.recomputation.reader is 'Login that asked.';
comment on column ops.recomputation.outcome is
'equal; differs; impossible: what it needs is no longer there, or was never recorded.';
comment on column ops.recomputation.value_count is 'Values that were compared.';
comment on column ops.recomputation.difference_count is 'How many of them differ.';

revoke update, delete, truncate on
ops.kpi_input, ops.kpi_build_basis, ops.kpi_publication_basis, ops.replaced_purge,
ops.recomputation from dean06_loader;

alter table ops.audit_note drop constraint audit_note_kind_check;
alter table ops.audit_note add constraint audit_note_kind_check check (
    kind in (
        'payload_read', 'replay', 'replay_row', 'replay_hold', 'replay_decision', 'kpi_build',
        'kpi_publication', 'load', 'subject_request', 'restricted_person', 'purge', 'token_key',
        'closed_period', 'value_read', 'day_read', 'api_token', 'recomputation'
    )
);
