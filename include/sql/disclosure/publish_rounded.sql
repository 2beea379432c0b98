-- Purpose:    publish rounded counts: those of the day, and those by commune that stay as another
--             publication showed them. What is rounded to 0 is not listed, as what is 0; but
--             members of the province that are known beforehand are.
-- Grain:      one row per value by commune, or by member of a breakdown.
-- Parameters: publication; as_of, its day.
-- Reads:      cell, rounded, series, definition (all of this build), mart.kpi_value,
--             mart.dim_member.
-- Writes:     mart.kpi_value.
insert into mart.kpi_value (
    publication_id, as_of_date, kpi_code, kpi_version, unit_level, unit_code, boundary_version,
    breakdown, member_code, province_code, is_rounded, counted_on, numerator, denominator, value
)
with shown as (
    select
        cell.kpi_code,
        cell.unit_level,
        cell.unit_code,
        cell.boundary_version,
        cell.breakdown,
        cell.member_code,
        cell.province_code,
        cast(:as_of as date) as counted_on,
        rounded.counted as numerator,
        rounded.counted + rounded.uncounted as denominator
    from rounded
    inner join cell on rounded.cell_id = cell.cell_id
    where
        rounded.counted > 0
        or rounded.uncounted > 0
        or (
            cell.unit_level = 'province'
            and (cell.breakdown, cell.member_code) in (
                select
                    member.breakdown,
                    member.member_code
                from mart.dim_member as member
            )
        )
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
        earlier.numerator,
        earlier.denominator
    from series
    inner join mart.kpi_value as earlier
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
    where earlier.is_rounded and earlier.unit_level = 'commune'
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
    shown.numerator,
    shown.denominator,
    case
        when definition.unit <> 'share' then shown.numerator
        when shown.denominator > 0 then round(shown.numerator::numeric / shown.denominator, 6)
    end as value
from shown
inner join definition on shown.kpi_code = definition.kpi_code
