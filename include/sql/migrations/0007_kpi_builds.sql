-- Purpose:    every build of KPIs with what its audit found, and builds that wait for an official.
-- Grain:      ops.kpi_build: one build of one day that had something new to say.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.kpi_build, ops.kpi_build_value, ops.kpi_build_cause, ops.kpi_audit_result,
--             ops.kpi_audited, ops.kpi_coverage, ops.kpi_verification.

create table ops.kpi_build (
    build_id bigint generated always as identity primary key,
    as_of_date date not null,
    state text not null check (
        state in ('published', 'held', 'released', 'rejected', 'superseded')
    ),
    source_codes text[] not null,
    reason text not null,
    cause text,
    built_at timestamptz not null default clock_timestamp(),
    publication_id bigint references mart.kpi_publication,
    decided_by text,
    decided_at timestamptz,
    decision_reason text,
    constraint a_person_decides_with_a_reason check (
        state not in ('released', 'rejected')
        or (length(btrim(decided_by)) > 0 and length(btrim(decision_reason)) > 0) is true
    ),
    constraint what_is_published_has_a_publication check (
        (state in ('published', 'released')) = (publication_id is not null)
    ),
    constraint what_is_held_says_why check (state <> 'held' or cause is not null)
);
create unique index kpi_build__one_held_per_day on ops.kpi_build (as_of_date)
where state = 'held';
create index kpi_build__by_publication on ops.kpi_build (publication_id);
comment on table ops.kpi_build is
'Builds of a day''s KPIs: published, or held until a person decides. | Các lượt tính chỉ tiêu.';
comment on column ops.kpi_build.build_id is 'The build.';
comment on column ops.kpi_build.as_of_date is 'Day its values speak of.';
comment on column ops.kpi_build.state is
'published; held: waits for a person; released, rejected: a person decided; superseded: a newer
build of the day came before anybody did.';
comment on column ops.kpi_build.source_codes is 'Sources that had reached the day.';
comment on column ops.kpi_build.reason is 'Why there is something new to say.';
comment on column ops.kpi_build.cause is 'Which rules of the audit hold it, of which KPIs.';
comment on column ops.kpi_build.built_at is 'When it was computed.';
comment on column ops.kpi_build.publication_id is 'The publication it became.';
comment on column ops.kpi_build.decided_by is 'Official who released or rejected it.';
comment on column ops.kpi_build.decided_at is 'When.';
comment on column ops.kpi_build.decision_reason is 'Why, in the official''s words.';

create table ops.kpi_build_value (
    build_id bigint not null references ops.kpi_build,
    kpi_code text not null,
    kpi_version integer not null,
    unit_level text not null,
    unit_code text not null,
    boundary_version text not null,
    breakdown text not null,
    member_code text not null,
    numerator bigint not null,
    denominator bigint,
    primary key (
        build_id, kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code
    )
);
comment on table ops.kpi_build_value is
'Values of builds that were held: what a release publishes. | Giá trị đang chờ duyệt.';
comment on column ops.kpi_build_value.build_id is 'The build.';
comment on column ops.kpi_build_value.kpi_code is 'The indicator.';
comment on column ops.kpi_build_value.kpi_version is 'Version of its definition.';
comment on column ops.kpi_build_value.unit_level is 'province or commune.';
comment on column ops.kpi_build_value.unit_code is 'Code of the unit.';
comment on column ops.kpi_build_value.boundary_version is 'Boundaries the unit belongs to.';
comment on column ops.kpi_build_value.breakdown is 'Empty for a total.';
comment on column ops.kpi_build_value.member_code is 'Empty for a total.';
comment on column ops.kpi_build_value.numerator is 'What was counted.';
comment on column ops.kpi_build_value.denominator is 'Of how many.';

create table ops.kpi_build_cause (
    build_id bigint not null references ops.kpi_build,
    kpi_code text not null,
    cause text not null,
    dataset_code text not null,
    row_count bigint not null,
    primary key (build_id, kpi_code, cause, dataset_code)
);
comment on table ops.kpi_build_cause is
'Why the values of a held build differ from the last publication. | Nguyên nhân, chờ duyệt.';
comment on column ops.kpi_build_cause.build_id is 'The build.';
comment on column ops.kpi_build_cause.kpi_code is 'The indicator.';
comment on column ops.kpi_build_cause.cause is 'As in mart.kpi_revision_cause.';
comment on column ops.kpi_build_cause.dataset_code is 'Where the rows came from.';
comment on column ops.kpi_build_cause.row_count is 'Rows of that cause.';

create table ops.kpi_audit_result (
    build_id bigint not null references ops.kpi_build,
    rule_code text not null,
    severity text not null check (severity in ('critical', 'warning')),
    value_count bigint not null check (value_count >= 0),
    kpi_codes text[] not null,
    reason_en text not null,
    reason_vi text not null,
    primary key (build_id, rule_code)
);
comment on table ops.kpi_audit_result is
'What each rule of expectations/kpi_value.json found in a build. | Kết quả kiểm tra chỉ tiêu.';
comment on column ops.kpi_audit_result.build_id is 'The build.';
comment on column ops.kpi_audit_result.rule_code is 'The rule.';
comment on column ops.kpi_audit_result.severity is
'critical: refuses the build; warning: holds it for a person.';
comment on column ops.kpi_audit_result.value_count is 'Values that break it.';
comment on column ops.kpi_audit_result.kpi_codes is 'Indicators they belong to.';
comment on column ops.kpi_audit_result.reason_en is 'The rule, in English.';
comment on column ops.kpi_audit_result.reason_vi is 'The rule, in Vietnamese.';

-- What Great Expectations looks at to put the rules into SQL. It stays empty: the values that are
-- judged stand in a temporary table of the same shape, which nobody else sees.
create table ops.kpi_audited (
    kpi_code text not null,
    unit_level text not null,
    unit_code text not null,
    boundary_version text not null,
    breakdown text not null,
    member_code text not null,
    numerator bigint,
    denominator bigint,
    share double precision,
    excess_over_ceiling bigint,
    unexplained_fall bigint,
    change_share double precision,
    daily_change_share double precision,
    unexplained_change bigint
);
comment on table ops.kpi_audited is
'Shape of what the audit of KPI values judges; always empty. | Khuôn kiểm tra chỉ tiêu.';
comment on column ops.kpi_audited.kpi_code is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.unit_level is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.unit_code is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.boundary_version is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.breakdown is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.member_code is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.numerator is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.denominator is 'As in mart.kpi_value.';
comment on column ops.kpi_audited.share is 'Numerator of denominator.';
comment on column ops.kpi_audited.excess_over_ceiling is 'By how much it exceeds its whole.';
comment on column ops.kpi_audited.unexplained_fall is
'By how much a cumulative series fell without a corrected row.';
comment on column ops.kpi_audited.change_share is
'Change against the day''s last publication, as a share of what the definition allows.';
comment on column ops.kpi_audited.daily_change_share is
'Change against the day before, as a share of what the definition allows.';
comment on column ops.kpi_audited.unexplained_change is '1 where a value changed without a cause.';

create table ops.kpi_coverage (
    as_of_date date not null,
    load_id bigint not null references ops.load,
    build_id bigint references ops.kpi_build,
    primary key (as_of_date, load_id)
);
comment on table ops.kpi_coverage is
'Which loads the KPIs of a day have taken into account: what is missing here is to be built.';
comment on column ops.kpi_coverage.as_of_date is 'Day whose KPIs were built.';
comment on column ops.kpi_coverage.load_id is 'Load they take into account.';
comment on column ops.kpi_coverage.build_id is
'Build that first took the load into account; empty when it changed nothing.';

create table ops.kpi_verification (
    as_of_date date not null,
    verification_id bigint not null references ops.verification,
    build_id bigint references ops.kpi_build,
    primary key (as_of_date, verification_id)
);
comment on table ops.kpi_verification is
'Which runs of verification the KPIs of a day have taken into account.';
comment on column ops.kpi_verification.as_of_date is 'Day whose KPIs were built.';
comment on column ops.kpi_verification.verification_id is 'Run they take into account.';
comment on column ops.kpi_verification.build_id is
'Build that first took the run into account; empty when it changed nothing.';

grant select on ops.kpi_build, ops.kpi_audit_result to dean06_ui;
