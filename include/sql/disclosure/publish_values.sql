-- Purpose:    publish the values of a build as they are; hidden ones without their numbers. What is
--             rounded is published by publish_rounded.sql.
-- Grain:      one row per value.
-- Parameters: publication; as_of, its day.
-- Reads:      built, definition, cell, hidden, grid (all of this build).
-- Writes:     mart.kpi_value.
insert into mart.kpi_value (
    publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code, boundary_version,
    breakdown, member_code, province_code, is_suppressed, part_codes, numerator, denominator,
    value
)
select
    cast(:publication as bigint) as publication_id,
    cast(:as_of as date) as as_of_date,
    built.kpi_code,
    definition.kpi_version,
    built.unit_level,
    built.unit_code,
    built.boundary_version,
    built.breakdown,
    built.member_code,
    cell.province_code,
    hidden.cell_id is not null as is_suppressed,
    grid.part_codes,
    case when hidden.cell_id is null then built.numerator end as numerator,
    case when hidden.cell_id is null then built.denominator end as denominator,
    case
        when hidden.cell_id is not null then null
        when definition.unit <> 'share' then built.numerator
        when built.denominator > 0 then round(built.numerator::numeric / built.denominator, 6)
    end as value
from built
inner join definition on built.kpi_code = definition.kpi_code
inner join cell
    on
        built.kpi_code = cell.kpi_code
        and built.boundary_version = cell.boundary_version
        and built.unit_level = cell.unit_level
        and built.unit_code = cell.unit_code
        and built.breakdown = cell.breakdown
        and built.member_code = cell.member_code
left join hidden on cell.cell_id = hidden.cell_id
left join grid
    on
        built.kpi_code = grid.kpi_code
        and built.unit_level = grid.unit_level
        and built.unit_code = grid.unit_code
        and built.boundary_version = grid.boundary_version
        and built.breakdown = grid.breakdown
        and built.member_code = grid.member_code
where not cell.is_rounded
