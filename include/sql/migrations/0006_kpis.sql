-- Purpose:    KPI definitions, targets, and values in append-only publications; suppressed values;
--             which loads and runs of verification a day takes into account.
-- Grain:      mart.kpi_value: one KPI of one unit and member in one publication; the other tables:
--             see their comments.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.kpi_definition, mart.kpi_target, mart.kpi_publication, mart.kpi_value,
--             mart.kpi_revision_cause, ops.kpi_withheld.

create table mart.kpi_definition (
    kpi_code text not null,
    kpi_version integer not null,
    name_en text not null,
    name_vi text not null,
    unit text not null,
    grain text not null,
    additivity text not null check (additivity in ('additive', 'non_additive', 'ratio')),
    has_denominator boolean not null,
    owner_agency text not null,
    legal_basis text not null,
    formula_en text not null,
    formula_vi text not null,
    source_codes text[] not null,
    position integer not null,
    breakdowns text[] not null default '{}',
    digest text,
    hides_small_cells boolean not null default true,
    primary key (kpi_code, kpi_version)
);
comment on table mart.kpi_definition is
'What each KPI counts, of whom, by which rule, and who answers for it. | Định nghĩa chỉ tiêu.';
comment on column mart.kpi_definition.kpi_code is 'The indicator: area.measure.';
comment on column mart.kpi_definition.kpi_version is 'Grows when the meaning changes.';
comment on column mart.kpi_definition.name_en is 'Name in English.';
comment on column mart.kpi_definition.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_definition.unit is 'What is counted; share: numerator / denominator.';
comment on column mart.kpi_definition.grain is 'Finest unit it is published for.';
comment on column mart.kpi_definition.additivity is
'additive: communes sum to the province; non_additive: persons met twice count once; ratio.';
comment on column mart.kpi_definition.has_denominator is 'Whether a denominator is published.';
comment on column mart.kpi_definition.owner_agency is 'Agency that answers for it.';
comment on column mart.kpi_definition.legal_basis is 'Law or decision behind it.';
comment on column mart.kpi_definition.formula_en is 'How it is counted, in English.';
comment on column mart.kpi_definition.formula_vi is 'How it is counted, in Vietnamese.';
comment on column mart.kpi_definition.source_codes is 'Sources it is computed from.';
comment on column mart.kpi_definition.position is 'Order in which KPIs are shown.';
comment on column mart.kpi_definition.breakdowns is 'What its values are also published by.';
comment on column mart.kpi_definition.digest is
'Fingerprint of front matter and query: a change needs another kpi_version.';
comment on column mart.kpi_definition.hides_small_cells is
'Counts persons or what belongs to them: small counts are hidden (docs/decisions/0021).';

create table mart.kpi_target (
    target_id text primary key,
    kpi_code text not null,
    breakdown text not null default '',
    member_code text not null default '',
    unit_level text not null check (unit_level in ('province', 'commune')),
    unit_code text not null,
    operator text not null check (operator in ('>=', '<=', '=')),
    value numeric not null check (value >= 0),
    scale numeric not null default 1 check (scale > 0),
    unit text not null,
    base_kpi_code text,
    period text not null check (period in ('once', 'month', 'year')),
    counted_from date not null,
    due_on date not null,
    has_daily_need boolean not null,
    name_en text not null,
    name_vi text not null,
    reading_en text not null,
    reading_vi text not null,
    legal_basis text not null,
    quote_vi text not null,
    constraint target_runs_forward check (counted_from <= due_on),
    constraint member_of_a_breakdown check ((breakdown = '') = (member_code = '')),
    constraint share_within_bounds check (
        (unit <> 'share' and base_kpi_code is null) or value <= 1
    )
);
comment on table mart.kpi_target is
'What a KPI is to come to, by when, and who said so. | Mục tiêu của chỉ tiêu.';
comment on column mart.kpi_target.target_id is 'Short id of the target.';
comment on column mart.kpi_target.kpi_code is 'The indicator.';
comment on column mart.kpi_target.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_target.member_code is 'Empty for a total; else the member.';
comment on column mart.kpi_target.unit_level is 'province or commune.';
comment on column mart.kpi_target.unit_code is 'Code of the unit when the target begins.';
comment on column mart.kpi_target.operator is 'How the value is to stand to the target.';
comment on column mart.kpi_target.value is
'In the unit of the KPI; with base_kpi_code a share of that KPI''s value of the same day.';
comment on column mart.kpi_target.scale is
'What value is multiplied by: 1, but for a simulation of a part of a province.';
comment on column mart.kpi_target.unit is 'Unit of the KPI.';
comment on column mart.kpi_target.base_kpi_code is 'KPI that the target is a share of, if it is.';
comment on column mart.kpi_target.period is
'once: counted from counted_from to due_on; month, year: anew in each of them.';
comment on column mart.kpi_target.counted_from is 'First day on which the target holds.';
comment on column mart.kpi_target.due_on is 'Last day on which it holds.';
comment on column mart.kpi_target.has_daily_need is
'Whether it makes sense to say how many a day are needed to reach it in time.';
comment on column mart.kpi_target.name_en is 'Name in English.';
comment on column mart.kpi_target.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_target.reading_en is 'How its words are understood, in English.';
comment on column mart.kpi_target.reading_vi is 'How its words are understood, in Vietnamese.';
comment on column mart.kpi_target.legal_basis is 'Law, decision or document that sets it.';
comment on column mart.kpi_target.quote_vi is 'Its words, in Vietnamese.';

create table mart.kpi_publication (
    publication_id bigint generated always as identity primary key,
    as_of_date date not null,
    published_at timestamptz not null default clock_timestamp(),
    source_codes text[] not null,
    reason text not null,
    smallest_shown integer
);
create index kpi_publication_by_date on mart.kpi_publication (as_of_date, publication_id);
comment on table mart.kpi_publication is
'One audited set of KPI values for one day. Later ones restate, none is changed. | Lần công bố.';
comment on column mart.kpi_publication.publication_id is 'The publication.';
comment on column mart.kpi_publication.as_of_date is 'Day the values speak of.';
comment on column mart.kpi_publication.published_at is 'When they were published.';
comment on column mart.kpi_publication.source_codes is 'Sources that had reached the day.';
comment on column mart.kpi_publication.reason is
'Why there was something to say: first publication of the day, a further source reached the day, or
late or corrected records. | Lý do công bố.';
comment on column mart.kpi_publication.smallest_shown is
'Counts of persons from 1 to below this are hidden in it.';

create table mart.kpi_value (
    publication_id bigint not null references mart.kpi_publication,
    kpi_code text not null,
    kpi_version integer not null,
    unit_level text not null,
    unit_code text not null,
    boundary_version text not null default 'as_reported',
    as_of_date date not null,
    numerator bigint check (numerator >= 0),
    denominator bigint check (denominator >= 0),
    value numeric,
    breakdown text not null default '',
    member_code text not null default '',
    province_code text,
    is_suppressed boolean not null default false,
    primary key (
        publication_id, kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code
    ),
    foreign key (kpi_code, kpi_version) references mart.kpi_definition,
    constraint share_within_bounds check (denominator is null or numerator <= denominator),
    constraint member_of_a_breakdown check ((breakdown = '') = (member_code = '')),
    constraint hidden_values_have_no_numbers check (
        (numerator is null) = is_suppressed
        and (not is_suppressed or (denominator is null and value is null))
    )
);
comment on table mart.kpi_value is
'KPI values: value = numerator (counts) or numerator / denominator (shares). | Giá trị chỉ tiêu.';
comment on column mart.kpi_value.publication_id is 'Publication it belongs to.';
comment on column mart.kpi_value.kpi_code is 'The indicator.';
comment on column mart.kpi_value.kpi_version is 'Version of its definition.';
comment on column mart.kpi_value.unit_level is 'province or commune.';
comment on column mart.kpi_value.unit_code is
'Code of the unit; use it with the day, or with the newest boundaries where these are current.';
comment on column mart.kpi_value.boundary_version is
'as_reported: units as they were on the day; current: the newest boundaries known. Choose one.';
comment on column mart.kpi_value.as_of_date is 'Day the value speaks of.';
comment on column mart.kpi_value.numerator is 'What was counted; null: hidden.';
comment on column mart.kpi_value.denominator is
'Of how many; null where nothing is compared, or hidden.';
comment on column mart.kpi_value.value is
'Null when the denominator is zero (N/A is not 0), or when it is hidden.';
comment on column mart.kpi_value.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_value.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_value.province_code is
'Province that the unit lies in, on the boundaries of the value.';
comment on column mart.kpi_value.is_suppressed is
'True: hidden, because it tells of fewer persons than may be shown, or would tell such a value.';

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

create table ops.kpi_withheld (
    publication_id bigint not null references mart.kpi_publication,
    kpi_code text not null,
    kpi_version integer not null,
    unit_level text not null,
    unit_code text not null,
    boundary_version text not null,
    breakdown text not null,
    member_code text not null,
    numerator bigint not null,
    denominator bigint,
    value numeric,
    primary key (
        publication_id, kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code
    )
);
comment on table ops.kpi_withheld is
'Numbers of hidden values, for the pipeline''s own comparisons. | Số liệu nhỏ không công bố.';
comment on column ops.kpi_withheld.publication_id is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.kpi_code is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.kpi_version is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.unit_level is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.unit_code is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.boundary_version is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.breakdown is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.member_code is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.numerator is 'What was counted.';
comment on column ops.kpi_withheld.denominator is 'Of how many.';
comment on column ops.kpi_withheld.value is 'Numerator or share.';

alter table mart.kpi_value enable row level security;
create policy kpi_value_is_written on mart.kpi_value
for insert to dean06_loader with check (true);
create policy kpi_value_is_read on mart.kpi_value
for select to dean06_loader, dean06_steward, dean06_bi, dean06_bi_province using (true);

grant select on
mart.kpi_definition, mart.kpi_publication, mart.kpi_target, mart.kpi_value
to dean06_bi, dean06_bi_province;
grant select on mart.kpi_revision_cause to dean06_bi;
