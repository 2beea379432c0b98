-- Purpose:    one verdict per person record against the population registry, with history,
--             candidates for review, and which loads the verdicts take into account; person tokens.
-- Grain:      core.identity_verdict: one person record of one dataset; the other tables: see their
--             comments.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.verification, ops.verification_load, ops.verification_dataset,
--             ops.verification_count, core.identity_verdict, core.identity_verdict_history,
--             core.identity_candidate, ops.token_key, ops.person_token.

create table ops.verification (
    verification_id bigint generated always as identity primary key,
    rules_version integer not null,
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    affects_from date
);
comment on table ops.verification is
'Runs of identity verification; a run is one transaction. | Các lượt xác thực danh tính.';
comment on column ops.verification.verification_id is 'The run.';
comment on column ops.verification.rules_version is 'Version of the rules of comparison.';
comment on column ops.verification.started_at is 'When it began.';
comment on column ops.verification.finished_at is 'When its verdicts were complete.';
comment on column ops.verification.affects_from is
'Earliest day whose KPIs its verdicts can change; null: none changed.';

create table ops.verification_load (
    load_id bigint primary key references ops.load,
    verification_id bigint not null references ops.verification
);
comment on table ops.verification_load is
'Which loads the verdicts take into account: what is missing here is to be verified.';
comment on column ops.verification_load.load_id is 'Published load of persons or of the registry.';
comment on column ops.verification_load.verification_id is 'Run that took it into account.';

create table ops.verification_dataset (
    verification_id bigint not null references ops.verification,
    dataset_code text not null,
    examined_count bigint not null check (examined_count >= 0),
    changed_count bigint not null check (changed_count >= 0),
    affects_from date,
    primary key (verification_id, dataset_code)
);
comment on table ops.verification_dataset is
'What a run did in a dataset: counts only. | Kết quả xác thực theo tập dữ liệu.';
comment on column ops.verification_dataset.verification_id is 'The run.';
comment on column ops.verification_dataset.dataset_code is 'Source and dataset.';
comment on column ops.verification_dataset.examined_count is 'Records compared anew.';
comment on column ops.verification_dataset.changed_count is
'Verdicts given, changed or withdrawn.';
comment on column ops.verification_dataset.affects_from is
'Earliest day on which a record with another verdict counts.';

create table ops.verification_count (
    verification_id bigint not null references ops.verification,
    dataset_code text not null,
    verdict text not null,
    record_count bigint not null check (record_count >= 0),
    primary key (verification_id, dataset_code, verdict)
);
comment on table ops.verification_count is
'How many records of a dataset had each verdict after a run. | Số bản ghi theo kết quả.';
comment on column ops.verification_count.verification_id is 'The run.';
comment on column ops.verification_count.dataset_code is 'Source and dataset.';
comment on column ops.verification_count.verdict is 'The verdict.';
comment on column ops.verification_count.record_count is 'Records that have it.';

create table core.identity_verdict (
    dataset_code text not null,
    record_key text not null,
    verdict text not null,
    detail text,
    claimed_id text,
    id_scope text,
    verification_id bigint not null,
    changed_at timestamptz not null default now(),
    primary key (dataset_code, record_key),
    constraint identity_verdict_known check (
        verdict in (
            'verified', 'verified_after_normalisation', 'mismatch_name', 'mismatch_birth_date',
            'mismatch_birth_date_swapped', 'mismatch_birth_date_year_only', 'mismatch_sex',
            'missing_id', 'id_is_cmnd', 'not_found', 'duplicate_id', 'invalid_id'
        )
    )
);
create index identity_verdict__claimed_id on core.identity_verdict (claimed_id)
where claimed_id is not null;
create index identity_verdict__for_review on core.identity_verdict (dataset_code, record_key)
where verdict in ('mismatch_name', 'not_found');
comment on table core.identity_verdict is
'What comparing each person record with the registry came to, as known now. | Kết quả xác thực.';
comment on column core.identity_verdict.dataset_code is 'Source and dataset of the record.';
comment on column core.identity_verdict.record_key is
'Key of the record; several columns are joined by a bar. [personal]';
comment on column core.identity_verdict.verdict is
'verified and verified_after_normalisation count as verified; see mart.dim_member for names.';
comment on column core.identity_verdict.detail is
'What had to be folded (padded, nfc, spacing, case, tone, unaccented, tcvn3, vni) or of what kind a
disagreement is.';
comment on column core.identity_verdict.claimed_id is
'Twelve digits the record was compared by; empty when it shows none. [personal]';
comment on column core.identity_verdict.id_scope is
'Within what the id may stand once (an exam year); null: no such rule for the record.';
comment on column core.identity_verdict.verification_id is 'Run that gave this verdict.';
comment on column core.identity_verdict.changed_at is 'When it was given.';

create table core.identity_verdict_history (
    dataset_code text not null,
    record_key text not null,
    valid_from bigint not null,
    valid_to bigint not null,
    verdict text not null,
    detail text,
    primary key (dataset_code, record_key, valid_from),
    constraint verdict_held_for_a_while check (valid_from < valid_to)
);
comment on table core.identity_verdict_history is
'Verdicts that no longer hold, by runs of verification; the one that holds is in
core.identity_verdict. | Lịch sử kết quả xác thực.';
comment on column core.identity_verdict_history.dataset_code is 'Source and dataset of the record.';
comment on column core.identity_verdict_history.record_key is 'Key of the record. [personal]';
comment on column core.identity_verdict_history.valid_from is 'Run that gave the verdict.';
comment on column core.identity_verdict_history.valid_to is 'Run that replaced or withdrew it.';
comment on column core.identity_verdict_history.verdict is 'The verdict.';
comment on column core.identity_verdict_history.detail is 'Its detail.';

create table core.identity_candidate (
    dataset_code text not null,
    record_key text not null,
    rank smallint not null check (rank between 1 and 3),
    personal_id text not null,
    score numeric(4, 3) not null,
    basis text not null check (basis in ('same_id', 'same_birth_date_and_sex')),
    primary key (dataset_code, record_key, rank)
);
create index identity_candidate__person on core.identity_candidate (personal_id);
comment on table core.identity_candidate is
'Whom a record with another name or an unknown id may be about: for a steward to decide, never
accepted by itself. | Ứng viên đối chiếu, chờ người rà soát.';
comment on column core.identity_candidate.dataset_code is 'Source and dataset of the record.';
comment on column core.identity_candidate.record_key is 'Key of the record. [personal]';
comment on column core.identity_candidate.rank is '1: the likeliest.';
comment on column core.identity_candidate.personal_id is 'Person of the registry. [personal]';
comment on column core.identity_candidate.score is
'Trigram similarity of the names without accents, 0 to 1.';
comment on column core.identity_candidate.basis is 'What the two have in common.';

create table ops.token_key (
    key_version integer primary key,
    fingerprint text not null,
    used_from timestamptz not null default now()
);
comment on table ops.token_key is
'Keys that person tokens were made with; the keys themselves are elsewhere. | Phiên bản khóa.';
comment on column ops.token_key.key_version is 'The newest is the one in use.';
comment on column ops.token_key.fingerprint is
'Tells whether a key is the right one; nothing can be computed from it.';
comment on column ops.token_key.used_from is 'When tokens were first made with it.';

create table ops.person_token (
    personal_id text primary key,
    person_token uuid not null unique
);
comment on table ops.person_token is
'Token of each person of the registry. Nobody reads it but the loader. | Mã thay thế số định danh.';
comment on column ops.person_token.personal_id is 'Number in the registry. [personal]';
comment on column ops.person_token.person_token is 'Keyed hash of the number under the newest key.';

-- The verdicts that hold may be withdrawn; those that held are added to, never edited.
grant delete on core.identity_verdict, core.identity_candidate to dean06_loader;
revoke update on core.identity_verdict_history from dean06_loader;
-- Whoever reads facts and this table knows whose they are.
revoke select on ops.person_token from dean06_steward;
