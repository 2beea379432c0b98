-- Purpose:    what BI reads: units, KPI definitions, and KPI values in append-only publications.
-- Grain:      mart.kpi_value: one KPI of one unit in one publication.
-- Parameters: none.
-- Reads:      ops.load (what a publication covered).

create table mart.dim_admin_unit (
    unit_code text not null,
    unit_level text not null check (unit_level in ('province', 'district', 'commune')),
    unit_name text not null,
    parent_code text,
    province_code text not null,
    valid_from date not null,
    valid_to date,
    boundary_version text not null,
    primary key (unit_level, unit_code, valid_from)
);
comment on table mart.dim_admin_unit is
'Administrative units with the dates between which a code means this unit. | Đơn vị hành chính.';

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
    primary key (kpi_code, kpi_version)
);
comment on table mart.kpi_definition is
'What each KPI counts, of whom, by which rule, and who answers for it. | Định nghĩa chỉ tiêu.';
comment on column mart.kpi_definition.position is 'Order in which KPIs are shown.';
comment on column mart.kpi_definition.additivity is
'additive: communes sum to the province; non_additive: persons met twice count once; ratio.';

create table mart.kpi_publication (
    publication_id bigint generated always as identity primary key,
    as_of_date date not null,
    published_at timestamptz not null default clock_timestamp(),
    source_codes text[] not null,
    reason text not null
);
create index kpi_publication_by_date on mart.kpi_publication (as_of_date, publication_id);
comment on table mart.kpi_publication is
'One audited set of KPI values for one day. Later ones restate, none is changed. | Lần công bố.';
comment on column mart.kpi_publication.source_codes is 'Sources that had reached the day.';
comment on column mart.kpi_publication.reason is 'first | late or corrected records | new source.';

create table mart.kpi_value (
    publication_id bigint not null references mart.kpi_publication,
    kpi_code text not null,
    kpi_version integer not null,
    unit_level text not null,
    unit_code text not null,
    boundary_version text not null default 'as_reported',
    as_of_date date not null,
    numerator bigint not null check (numerator >= 0),
    denominator bigint check (denominator >= 0),
    value numeric,
    primary key (publication_id, kpi_code, unit_level, unit_code, boundary_version),
    foreign key (kpi_code, kpi_version) references mart.kpi_definition,
    constraint share_within_bounds check (denominator is null or numerator <= denominator)
);
comment on table mart.kpi_value is
'KPI values: value = numerator (counts) or numerator / denominator (shares). | Giá trị chỉ tiêu.';
comment on column mart.kpi_value.value is 'Null when the denominator is zero: N/A is not 0.';

create function mart.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'publications are append-only: publish a new one instead'
        using errcode = '55000';
end
$$;
create trigger kpi_value_is_append_only before update or delete on mart.kpi_value
for each statement execute function mart.refuse_change();
create trigger kpi_publication_is_append_only before update or delete on mart.kpi_publication
for each statement execute function mart.refuse_change();

create view mart.kpi_latest as
select
    value.as_of_date,
    value.kpi_code,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    value.unit_level,
    value.unit_code,
    unit.unit_name,
    value.boundary_version,
    value.numerator,
    value.denominator,
    value.value,
    value.publication_id,
    publication.published_at,
    definition.position
from mart.kpi_value as value
inner join (
    select
        newest.as_of_date,
        max(newest.publication_id) as publication_id
    from mart.kpi_publication as newest
    group by newest.as_of_date
) as latest on value.publication_id = latest.publication_id
inner join mart.kpi_publication as publication
    on value.publication_id = publication.publication_id
inner join mart.kpi_definition as definition
    on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        value.unit_level = unit.unit_level
        and value.unit_code = unit.unit_code
        and value.as_of_date >= unit.valid_from
        and (unit.valid_to is null or value.as_of_date < unit.valid_to);
comment on view mart.kpi_latest is
'The latest publication of every day, with names. | Giá trị công bố mới nhất của từng ngày.';

create table ops.kpi_coverage (
    as_of_date date not null,
    load_id bigint not null references ops.load,
    primary key (as_of_date, load_id)
);
comment on table ops.kpi_coverage is
'Which loads the KPIs of a day have taken into account: what is missing here is to be built.';

comment on column mart.dim_admin_unit.unit_level is 'province, district or commune.';
comment on column mart.dim_admin_unit.unit_code is 'Statistics code; re-used over time.';
comment on column mart.dim_admin_unit.unit_name is 'Official name.';
comment on column mart.dim_admin_unit.parent_code is 'Code of the unit above it.';
comment on column mart.dim_admin_unit.province_code is 'Code of its province.';
comment on column mart.dim_admin_unit.valid_from is 'First day on which the code means this unit.';
comment on column mart.dim_admin_unit.valid_to is 'First day on which it no longer does.';
comment on column mart.dim_admin_unit.boundary_version is 'Year of the boundaries.';

comment on column mart.kpi_definition.kpi_code is 'The indicator: area.measure.';
comment on column mart.kpi_definition.kpi_version is 'Grows when the meaning changes.';
comment on column mart.kpi_definition.name_en is 'Name in English.';
comment on column mart.kpi_definition.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_definition.unit is 'What is counted; share: numerator / denominator.';
comment on column mart.kpi_definition.grain is 'Finest unit it is published for.';
comment on column mart.kpi_definition.has_denominator is 'Whether a denominator is published.';
comment on column mart.kpi_definition.owner_agency is 'Agency that answers for it.';
comment on column mart.kpi_definition.legal_basis is 'Law or decision behind it.';
comment on column mart.kpi_definition.formula_en is 'How it is counted, in English.';
comment on column mart.kpi_definition.formula_vi is 'How it is counted, in Vietnamese.';
comment on column mart.kpi_definition.source_codes is 'Sources it is computed from.';

comment on column mart.kpi_publication.publication_id is 'The publication.';
comment on column mart.kpi_publication.as_of_date is 'Day the values speak of.';
comment on column mart.kpi_publication.published_at is 'When they were published.';

comment on column mart.kpi_value.publication_id is 'Publication it belongs to.';
comment on column mart.kpi_value.kpi_code is 'The indicator.';
comment on column mart.kpi_value.kpi_version is 'Version of its definition.';
comment on column mart.kpi_value.unit_level is 'province or commune.';
comment on column mart.kpi_value.unit_code is 'Code of the unit; use it with the day.';
comment on column mart.kpi_value.boundary_version is 'as_reported: units as they were on the day.';
comment on column mart.kpi_value.as_of_date is 'Day the value speaks of.';
comment on column mart.kpi_value.numerator is 'What was counted.';
comment on column mart.kpi_value.denominator is 'Of how many; null where nothing is compared.';

comment on column mart.kpi_latest.as_of_date is 'Day the value speaks of.';
comment on column mart.kpi_latest.kpi_code is 'The indicator.';
comment on column mart.kpi_latest.name_en is 'Name in English.';
comment on column mart.kpi_latest.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_latest.unit is 'What is counted.';
comment on column mart.kpi_latest.unit_level is 'province or commune.';
comment on column mart.kpi_latest.unit_code is 'Code of the unit.';
comment on column mart.kpi_latest.unit_name is 'Name of the unit on that day.';
comment on column mart.kpi_latest.boundary_version is 'Boundaries the unit belongs to.';
comment on column mart.kpi_latest.numerator is 'What was counted.';
comment on column mart.kpi_latest.denominator is 'Of how many.';
comment on column mart.kpi_latest.value is 'Numerator, or share; null: not applicable.';
comment on column mart.kpi_latest.publication_id is 'Publication it comes from.';
comment on column mart.kpi_latest.published_at is 'When it was published.';
comment on column mart.kpi_latest.position is 'Order in which KPIs are shown.';

comment on column ops.kpi_coverage.as_of_date is 'Day whose KPIs were built.';
comment on column ops.kpi_coverage.load_id is 'Load they take into account.';
