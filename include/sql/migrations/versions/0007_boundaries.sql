-- Purpose:    units before and after the reform of 2025-07-01, what became of each, and KPI values
--             on the boundaries of the day and on those of today.
-- Grain:      mart.admin_unit_successor: one unit before a reform and one unit that took it or a
--             part of it.
-- Parameters: none.
-- Reads:      nothing.

alter table mart.dim_admin_unit
add column is_valid_from_known boolean not null default true,
add column is_valid_to_known boolean not null default true,
add constraint admin_unit_validity_runs_forward check (valid_to is null or valid_from < valid_to);
comment on column mart.dim_admin_unit.is_valid_from_known is
'False: the unit appeared on some day between 2022 and mid-2025; valid_from is where we put it.';
comment on column mart.dim_admin_unit.is_valid_to_known is
'False: the unit ended on some day between 2022 and mid-2025; valid_to is where we put it.';
comment on column mart.dim_admin_unit.unit_code is
'Statistics code; re-used over time. <province>:unknown: what came from units without a known
successor.';
comment on column mart.dim_admin_unit.boundary_version is
'List it stands in first: 2022, 2025-06-30 (eve of the reform), 2025-07-01 (since then).';

create table mart.admin_unit_successor (
    unit_level text not null check (unit_level in ('province', 'commune')),
    unit_code text not null,
    replaced_on date not null,
    successor_code text not null,
    successor_province_code text not null,
    relation text not null check (relation in ('whole', 'part', 'unknown')),
    is_default boolean not null,
    primary key (unit_level, unit_code, replaced_on, successor_code)
);
create unique index admin_unit_successor__default
on mart.admin_unit_successor (unit_level, unit_code, replaced_on) where is_default;
comment on table mart.admin_unit_successor is
'What became of units when their boundaries were drawn anew. | Bảng chuyển đổi đơn vị hành chính.';
comment on column mart.admin_unit_successor.unit_level is 'province or commune.';
comment on column mart.admin_unit_successor.unit_code is 'Code of the unit that ended.';
comment on column mart.admin_unit_successor.replaced_on is
'First day on which the code no longer meant it.';
comment on column mart.admin_unit_successor.successor_code is
'Code of the unit that took it; <province>:unknown where only the province is known.';
comment on column mart.admin_unit_successor.successor_province_code is
'Code of the successor''s province.';
comment on column mart.admin_unit_successor.relation is
'whole: all of it went there; part: some of it; unknown: gone by mid-2025, no mapping is public.';
comment on column mart.admin_unit_successor.is_default is
'The one successor that values of the unit are shown under on current boundaries.';

comment on column mart.kpi_value.boundary_version is
'as_reported: units as they were on the day; current: the newest boundaries known. Choose one.';
comment on column mart.kpi_value.unit_code is
'Code of the unit; use it with the day, or with the newest boundaries where these are current.';

-- A unit's name comes from the day, or from the newest boundaries.
create or replace view mart.kpi_latest as
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
    value.breakdown,
    value.member_code,
    coalesce(member.name_vi, value.member_code) as member_name_vi,
    value.numerator,
    value.denominator,
    value.value,
    value.publication_id,
    publication.published_at,
    definition.position,
    member.position as member_position
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
        and case value.boundary_version
            when 'current' then unit.valid_to is null
            else
                value.as_of_date >= unit.valid_from
                and (unit.valid_to is null or value.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code;
comment on column mart.kpi_latest.unit_name is
'Name of the unit: on that day as reported, today''s on current boundaries.';
comment on column mart.kpi_latest.boundary_version is
'as_reported: units as they were on the day; current: the newest boundaries. Choose one.';
