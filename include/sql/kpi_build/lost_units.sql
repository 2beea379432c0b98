-- Purpose:    units of a build that are none on its boundaries: none known on the day as reported,
--             none of the newest boundaries on current ones.
-- Grain:      one row per KPI: its codes that mean a unit on some other day (others stay untold).
-- Parameters: none.
-- Reads:      built, unit_of_day (both of this build), mart.dim_admin_unit.
-- Writes:     nothing.
with known as (
    select
        'as_reported' as boundary_version,
        unit_level,
        reported_code as unit_code
    from unit_of_day
    union
    select
        'current' as boundary_version,
        unit_level,
        current_code as unit_code
    from unit_of_day
)

select
    built.kpi_code,
    coalesce(string_agg(distinct unit.unit_code, ', '), '') as unit_codes
from built
left join known
    on
        built.boundary_version = known.boundary_version
        and built.unit_level = known.unit_level
        and built.unit_code = known.unit_code
left join mart.dim_admin_unit as unit
    on built.unit_level = unit.unit_level and built.unit_code = unit.unit_code
where known.unit_code is null
group by built.kpi_code
order by built.kpi_code
