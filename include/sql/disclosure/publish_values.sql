-- Purpose:    publish the values of a build as they are; hidden ones without their numbers. What is
--             rounded is published by publish_rounded.sql.
-- Grain:      one row per value.
-- Parameters: publication; as_of, its day.
-- Reads:      cell, definition, hidden, grid (all of this build).
-- Writes:     mart.kpi_value.
insert into mart.kpi_value (
    publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code, boundary_version,
    breakdown, member_code, province_code, is_suppressed, part_codes, numerator, denominator,
    value
)
select
    cast(:publication as bigint) as publication_id,
    cast(:as_of as date) as as_of_date,
    cell.kpi_code,
    definition.kpi_version,
    cell.unit_level,
    cell.unit_code,
    cell.boundary_version,
    cell.breakdown,
    cell.member_code,
    cell.province_code,
    hidden.cell_id is not null as is_suppressed,
    grid.part_codes,
    case when hidden.cell_id is null then cell.counted end as numerator,
    case when hidden.cell_id is null then cell.counted + cell.uncounted end as denominator,
    case
        when hidden.cell_id is not null then null
        when definition.unit <> 'share' then cell.counted
        when cell.counted + cell.uncounted > 0
            then round(cell.counted::numeric / (cell.counted + cell.uncounted), 6)
    end as value
from cell
inner join definition on cell.kpi_code = definition.kpi_code
left join hidden on cell.cell_id = hidden.cell_id
left join grid
    on
        cell.kpi_code = grid.kpi_code
        and cell.unit_level = grid.unit_level
        and cell.unit_code = grid.unit_code
        and cell.boundary_version = grid.boundary_version
        and cell.breakdown = grid.breakdown
        and cell.member_code = grid.member_code
where not cell.is_rounded
