-- Purpose:    totals of the provinces on a day, hidden ones too; why there is none.
-- Grain:      one KPI and province.
-- Parameters: day.
-- Reads:      mart.kpi_latest, ops.kpi_exact.
-- Writes:     nothing.
select
    latest.kpi_code,
    latest.name_vi,
    latest.name_en,
    latest.unit,
    latest.unit_code,
    latest.unit_name,
    latest.unit_name_en,
    exact.numerator,
    exact.denominator,
    exact.value,
    latest.reason_en,
    latest.reason_vi,
    latest.period_en,
    latest.period_vi
from mart.kpi_latest as latest
left join ops.kpi_exact as exact
    on
        latest.publication_id = exact.publication_id
        and latest.kpi_code = exact.kpi_code
        and latest.unit_level = exact.unit_level
        and latest.unit_code = exact.unit_code
        and latest.boundary_version = exact.boundary_version
        and latest.breakdown = exact.breakdown
where
    latest.as_of_date = :day
    and latest.unit_level = 'province'
    and latest.boundary_version = 'as_reported'
    and latest.breakdown = ''
order by latest.position, latest.unit_code
