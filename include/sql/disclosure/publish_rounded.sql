-- Purpose:    publish rounded counts: those of the day, and those by commune that stay as another
--             publication showed them. Every value of the grid is listed, so 0 like what is rounded
--             to 0; of others (members that are not known beforehand) what is not rounded to 0.
-- Grain:      one row per value by commune, or by member of a breakdown.
-- Parameters: publication; as_of, its day.
-- Reads:      cell, rounded, series, grid, definition (all of this build), mart.kpi_value.
-- Writes:     mart.kpi_value.
insert into mart.kpi_value (
    publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code, boundary_version,
    breakdown, member_code, province_code, is_rounded, counted_on, part_codes,
    numerator, denominator, value
)
with earlier as materialized (
    select
        wanted.counted_in as publication_id,
        said.*
    from (
        select distinct
            series.counted_in,
            series.kpi_code
        from series
        where series.counted_in is not null
    ) as wanted
    cross join
        lateral (
            select
                value.kpi_code,
                value.unit_level,
                value.unit_code,
                value.boundary_version,
                value.breakdown,
                value.member_code,
                value.province_code,
                value.numerator,
                value.denominator
            from mart.kpi_value as value
            where
                value.publication_id = wanted.counted_in
                and value.kpi_code = wanted.kpi_code
                and value.unit_level = 'commune'
                and value.is_rounded
            -- Looked up by index: publications of years have millions.
            offset 0
        ) as said
),

shown as (
    select
        cell.kpi_code,
        cell.unit_level,
        cell.unit_code,
        cell.boundary_version,
        cell.breakdown,
        cell.member_code,
        cell.province_code,
        cast(:as_of as date) as counted_on,
        grid.part_codes,
        rounded.counted as numerator,
        rounded.counted + rounded.uncounted as denominator
    from rounded
    inner join cell on rounded.cell_id = cell.cell_id
    left join grid
        on
            cell.kpi_code = grid.kpi_code
            and cell.unit_level = grid.unit_level
            and cell.unit_code = grid.unit_code
            and cell.boundary_version = grid.boundary_version
            and cell.breakdown = grid.breakdown
            and cell.member_code = grid.member_code
            and grid.reason is null
    where rounded.counted > 0 or rounded.uncounted > 0 or grid.kpi_code is not null
    union all
    select
        earlier.kpi_code,
        earlier.unit_level,
        earlier.unit_code,
        earlier.boundary_version,
        earlier.breakdown,
        earlier.member_code,
        earlier.province_code,
        series.counted_on,
        null::text[] as part_codes,
        earlier.numerator,
        earlier.denominator
    from series
    inner join earlier
        on
            series.counted_in = earlier.publication_id
            and series.kpi_code = earlier.kpi_code
            and series.breakdown = earlier.breakdown
            and series.member_code = earlier.member_code
            -- On current boundaries once, whichever provinces have become one.
            and case earlier.boundary_version
                when 'current'
                    then
                        series.current_province_code = earlier.province_code
                        and series.is_first
                else series.province_code = earlier.province_code
            end
    union all
    -- Earlier publications did not list 0.
    select
        grid.kpi_code,
        grid.unit_level,
        grid.unit_code,
        grid.boundary_version,
        grid.breakdown,
        grid.member_code,
        grid.province_code,
        series.counted_on,
        null::text[] as part_codes,
        0 as numerator,
        case when grid.has_denominator then 0 end as denominator
    from series
    inner join grid
        on
            series.kpi_code = grid.kpi_code
            and series.breakdown = grid.breakdown
            and series.member_code = grid.member_code
            and case grid.boundary_version
                when 'current'
                    then
                        series.current_province_code = grid.province_code
                        and series.is_first
                else series.province_code = grid.province_code
            end
    left join earlier
        on
            series.counted_in = earlier.publication_id
            and grid.kpi_code = earlier.kpi_code
            and grid.unit_level = earlier.unit_level
            and grid.unit_code = earlier.unit_code
            and grid.boundary_version = earlier.boundary_version
            and grid.breakdown = earlier.breakdown
            and grid.member_code = earlier.member_code
    where
        series.counted_in is not null
        and grid.unit_level = 'commune'
        and grid.reason is null
        and earlier.kpi_code is null
)

select
    cast(:publication as bigint) as publication_id,
    cast(:as_of as date) as as_of_date,
    shown.kpi_code,
    definition.kpi_version,
    shown.unit_level,
    shown.unit_code,
    shown.boundary_version,
    shown.breakdown,
    shown.member_code,
    shown.province_code,
    true as is_rounded,
    shown.counted_on,
    shown.part_codes,
    shown.numerator,
    shown.denominator,
    case
        when definition.unit <> 'share' then shown.numerator
        when shown.denominator > 0 then round(shown.numerator::numeric / shown.denominator, 6)
    end as value
from shown
inner join definition on shown.kpi_code = definition.kpi_code
