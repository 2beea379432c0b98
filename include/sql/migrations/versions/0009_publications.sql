-- Purpose:    every build of KPIs with what its audit found, builds that wait for a person, and
--             why a later publication of a day says something else than the one before it.
-- Grain:      ops.kpi_build: one build of one day that had something new to say.
-- Parameters: none.
-- Reads:      mart.kpi_publication, mart.kpi_value.

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
insert into ops.kpi_build (as_of_date, state, source_codes, reason, built_at, publication_id)
select
    as_of_date,
    'published' as state,
    source_codes,
    reason,
    published_at,
    publication_id
from mart.kpi_publication
order by publication_id;

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

alter table ops.kpi_coverage add column build_id bigint references ops.kpi_build;
comment on column ops.kpi_coverage.build_id is
'Build that first took the load into account; empty when it changed nothing.';
alter table ops.kpi_verification add column build_id bigint references ops.kpi_build;
comment on column ops.kpi_verification.build_id is
'Build that first took the run into account; empty when it changed nothing.';

create table mart.kpi_revision_cause (
    publication_id bigint not null references mart.kpi_publication,
    kpi_code text not null,
    cause text not null check (
        cause in (
            'late_rows', 'corrected_rows', 'deleted_rows', 'changed_verdicts',
            'changed_definition', 'further_source'
        )
    ),
    dataset_code text not null default '',
    row_count bigint not null check (row_count >= 0),
    primary key (publication_id, kpi_code, cause, dataset_code)
);
comment on table mart.kpi_revision_cause is
'What reached a KPI between a publication and the one before it. | Nguyên nhân điều chỉnh.';
comment on column mart.kpi_revision_cause.publication_id is 'The publication that restates.';
comment on column mart.kpi_revision_cause.kpi_code is 'The indicator.';
comment on column mart.kpi_revision_cause.cause is
'late_rows: records of the period that came later; corrected_rows: newer versions of known ones;
deleted_rows: withdrawn by the agency; changed_verdicts: verified anew with another result;
changed_definition: another version of the KPI; further_source: a source had not reached the day.';
comment on column mart.kpi_revision_cause.dataset_code is 'Where the rows came from.';
comment on column mart.kpi_revision_cause.row_count is 'Rows of that cause, dated up to the day.';
create trigger kpi_revision_cause_is_append_only before update or delete on mart.kpi_revision_cause
for each statement execute function mart.refuse_change();

create view mart.kpi_history as
select
    value.as_of_date,
    value.kpi_code,
    value.kpi_version,
    value.unit_level,
    value.unit_code,
    value.boundary_version,
    value.breakdown,
    value.member_code,
    value.numerator,
    value.denominator,
    value.value,
    published.publication_id,
    published.published_at,
    published.superseded_at
from mart.kpi_value as value
inner join (
    select
        publication.publication_id,
        publication.published_at,
        lead(publication.published_at) over (
            partition by publication.as_of_date order by publication.publication_id
        ) as superseded_at
    from mart.kpi_publication as publication
) as published on value.publication_id = published.publication_id;
comment on view mart.kpi_history is
'Every value ever published and for how long it stood: ask for a moment between published_at and
superseded_at to read what leaders read then. | Mọi giá trị đã công bố.';
comment on column mart.kpi_history.as_of_date is 'Day the value speaks of.';
comment on column mart.kpi_history.kpi_code is 'The indicator.';
comment on column mart.kpi_history.kpi_version is 'Version of its definition.';
comment on column mart.kpi_history.unit_level is 'province or commune.';
comment on column mart.kpi_history.unit_code is 'Code of the unit.';
comment on column mart.kpi_history.boundary_version is 'Boundaries the unit belongs to.';
comment on column mart.kpi_history.breakdown is 'Empty for a total; else what it is by.';
comment on column mart.kpi_history.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_history.numerator is 'What was counted.';
comment on column mart.kpi_history.denominator is 'Of how many.';
comment on column mart.kpi_history.value is 'Numerator, or share; null: not applicable.';
comment on column mart.kpi_history.publication_id is 'Publication it stands in.';
comment on column mart.kpi_history.published_at is 'From when it was what readers saw.';
comment on column mart.kpi_history.superseded_at is 'Until when; empty: still.';

create view mart.kpi_revision as
with publication as (
    select
        later.publication_id,
        later.as_of_date,
        later.published_at,
        lag(later.publication_id) over (
            partition by later.as_of_date order by later.publication_id
        ) as previous_id
    from mart.kpi_publication as later
),

said as (
    select
        publication.publication_id,
        publication.published_at,
        value.publication_id = publication.publication_id as is_new,
        value.as_of_date,
        value.kpi_code,
        value.unit_level,
        value.unit_code,
        value.boundary_version,
        value.breakdown,
        value.member_code,
        value.numerator,
        value.denominator,
        value.value
    from publication
    inner join mart.kpi_value as value
        on value.publication_id in (publication.publication_id, publication.previous_id)
    where publication.previous_id is not null
),

compared as (
    select
        publication_id,
        published_at,
        as_of_date,
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        max(numerator) filter (where not is_new) as numerator_before,
        max(denominator) filter (where not is_new) as denominator_before,
        max(value) filter (where not is_new) as value_before,
        max(numerator) filter (where is_new) as numerator,
        max(denominator) filter (where is_new) as denominator,
        max(value) filter (where is_new) as value
    from said
    group by
        publication_id, published_at, as_of_date, kpi_code, unit_level, unit_code,
        boundary_version, breakdown, member_code
)

select
    compared.*,
    (
        select
            string_agg(
                concat_ws(' ', cause.cause, nullif(cause.dataset_code, ''), cause.row_count), '; '
                order by cause.cause, cause.dataset_code
            )
        from mart.kpi_revision_cause as cause
        where
            cause.publication_id = compared.publication_id
            and cause.kpi_code = compared.kpi_code
    ) as causes
from compared
where
    (compared.numerator_before, compared.denominator_before)
    is distinct from (compared.numerator, compared.denominator);
comment on view mart.kpi_revision is
'Every value that a later publication of the same day changed, and what had reached the KPI in
between. | Các giá trị đã điều chỉnh và nguyên nhân.';
comment on column mart.kpi_revision.publication_id is 'The publication that restates.';
comment on column mart.kpi_revision.published_at is 'When it was published.';
comment on column mart.kpi_revision.as_of_date is 'Day the value speaks of.';
comment on column mart.kpi_revision.kpi_code is 'The indicator.';
comment on column mart.kpi_revision.unit_level is 'province or commune.';
comment on column mart.kpi_revision.unit_code is 'Code of the unit.';
comment on column mart.kpi_revision.boundary_version is 'Boundaries the unit belongs to.';
comment on column mart.kpi_revision.breakdown is 'Empty for a total; else what it is by.';
comment on column mart.kpi_revision.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_revision.numerator_before is 'What the publication before counted.';
comment on column mart.kpi_revision.denominator_before is 'Of how many it was.';
comment on column mart.kpi_revision.value_before is 'The value that was published before.';
comment on column mart.kpi_revision.numerator is 'What is counted now; empty: no longer shown.';
comment on column mart.kpi_revision.denominator is 'Of how many now.';
comment on column mart.kpi_revision.value is 'The value now.';
comment on column mart.kpi_revision.causes is
'Causes with dataset and rows, as in mart.kpi_revision_cause.';
