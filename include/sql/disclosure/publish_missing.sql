-- Purpose:    publish that nothing is known, and why: a source has no data for the day, has sent no
--             records for the territory, or the unit was formed from parts of divided units.
-- Grain:      one row per value of the grid without a number.
-- Parameters: publication; as_of, its day.
-- Reads:      grid (of this build), mart.kpi_value.
-- Writes:     mart.kpi_value.
insert into mart.kpi_value (
    publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code, boundary_version,
    breakdown, member_code, province_code, unknown_because
)
select
    cast(:publication as bigint) as publication_id,
    cast(:as_of as date) as as_of_date,
    grid.kpi_code,
    grid.kpi_version,
    grid.unit_level,
    grid.unit_code,
    grid.boundary_version,
    grid.breakdown,
    grid.member_code,
    grid.province_code,
    grid.reason as unknown_because
from grid
left join mart.kpi_value as published
    on
        published.publication_id = :publication
        and grid.kpi_code = published.kpi_code
        and grid.unit_level = published.unit_level
        and grid.unit_code = published.unit_code
        and grid.boundary_version = published.boundary_version
        and grid.breakdown = published.breakdown
        and grid.member_code = published.member_code
where grid.reason is not null and published.kpi_code is null
