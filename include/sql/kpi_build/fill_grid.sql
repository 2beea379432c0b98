-- Purpose:    0 where sources have delivered and nothing was counted; of a share 0 of 0, which has
--             no value.
-- Grain:      one row per value of the grid that the build has not counted.
-- Parameters: none.
-- Reads:      grid, built (both of this build).
-- Writes:     built.
insert into built (
    kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code, numerator,
    denominator
)
select
    grid.kpi_code,
    grid.unit_level,
    grid.unit_code,
    grid.boundary_version,
    grid.breakdown,
    grid.member_code,
    0 as numerator,
    case when grid.has_denominator then 0 end as denominator
from grid
left join built
    on
        grid.kpi_code = built.kpi_code
        and grid.unit_level = built.unit_level
        and grid.unit_code = built.unit_code
        and grid.boundary_version = built.boundary_version
        and grid.breakdown = built.breakdown
        and grid.member_code = built.member_code
where grid.reason is null and built.kpi_code is null
