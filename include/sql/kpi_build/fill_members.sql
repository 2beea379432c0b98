-- Purpose:    show members of known breakdowns for which nothing was counted: 0, or 0 of 0 (N/A).
-- Grain:      one row per KPI, boundaries, province and member that the build has not counted.
-- Parameters: none.
-- Reads:      built, definition (of this build), mart.dim_member.
-- Writes:     built.
insert into built
with province as (
    select distinct
        built.kpi_code,
        built.unit_code,
        built.boundary_version
    from built
    where built.unit_level = 'province' and built.breakdown = ''
)

select
    province.kpi_code,
    'province' as unit_level,
    province.unit_code,
    province.boundary_version,
    member.breakdown,
    member.member_code,
    0 as numerator,
    case when definition.has_denominator then 0 end as denominator
from province
inner join definition on province.kpi_code = definition.kpi_code
inner join mart.dim_member as member on member.breakdown = any(definition.breakdowns)
where not exists (
    select 1
    from built
    where
        built.kpi_code = province.kpi_code
        and built.unit_code = province.unit_code
        and built.unit_level = 'province'
        and built.boundary_version = province.boundary_version
        and built.breakdown = member.breakdown
        and built.member_code = member.member_code
)
