-- Purpose:    KPI values by member of a breakdown (by procedure, by owner …), beside the totals.
-- Grain:      mart.dim_member: one member of one breakdown; mart.kpi_value: one KPI of one unit and
--             member in one publication.
-- Parameters: none.
-- Reads:      nothing.

create table mart.dim_member (
    breakdown text not null,
    member_code text not null,
    name_en text not null,
    name_vi text not null,
    position integer not null,
    primary key (breakdown, member_code)
);
comment on table mart.dim_member is
'Members of breakdowns known beforehand: 0 is shown when nothing counts. | Thành phần phân tổ.';
comment on column mart.dim_member.breakdown is 'What values are broken down by: procedure, owner …';
comment on column mart.dim_member.member_code is 'One member of it.';
comment on column mart.dim_member.name_en is 'Name in English.';
comment on column mart.dim_member.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_member.position is 'Order in which members are shown.';

alter table mart.kpi_definition add column breakdowns text[] not null default '{}';
comment on column mart.kpi_definition.breakdowns is 'What its values are also published by.';

alter table mart.kpi_value
add column breakdown text not null default '',
add column member_code text not null default '',
add constraint member_of_a_breakdown check ((breakdown = '') = (member_code = ''));
alter table mart.kpi_value drop constraint kpi_value_pkey;
alter table mart.kpi_value add primary key (
    publication_id, kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code
);
comment on column mart.kpi_value.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_value.member_code is 'Empty for a total; else the member counted.';

drop view mart.kpi_latest;
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
        and value.as_of_date >= unit.valid_from
        and (unit.valid_to is null or value.as_of_date < unit.valid_to)
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code;
comment on view mart.kpi_latest is
'The latest publication of every day, with names. | Giá trị công bố mới nhất của từng ngày.';
comment on column mart.kpi_latest.as_of_date is 'Day the value speaks of.';
comment on column mart.kpi_latest.kpi_code is 'The indicator.';
comment on column mart.kpi_latest.name_en is 'Name in English.';
comment on column mart.kpi_latest.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_latest.unit is 'What is counted.';
comment on column mart.kpi_latest.unit_level is 'province or commune.';
comment on column mart.kpi_latest.unit_code is 'Code of the unit.';
comment on column mart.kpi_latest.unit_name is 'Name of the unit on that day.';
comment on column mart.kpi_latest.boundary_version is 'Boundaries the unit belongs to.';
comment on column mart.kpi_latest.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_latest.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_latest.member_name_vi is 'Name of the member, or its code.';
comment on column mart.kpi_latest.numerator is 'What was counted.';
comment on column mart.kpi_latest.denominator is 'Of how many.';
comment on column mart.kpi_latest.value is 'Numerator, or share; null: not applicable.';
comment on column mart.kpi_latest.publication_id is 'Publication it comes from.';
comment on column mart.kpi_latest.published_at is 'When it was published.';
comment on column mart.kpi_latest.position is 'Order in which KPIs are shown.';
comment on column mart.kpi_latest.member_position is 'Order in which members are shown.';
