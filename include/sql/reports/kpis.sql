-- Purpose:    totals of the provinces on a day.
-- Grain:      one KPI and province.
-- Parameters: day.
-- Reads:      ops.kpi_latest_exact.
-- Writes:     nothing.
select
    kpi_code,
    name_vi,
    name_en,
    unit,
    unit_code,
    unit_name,
    numerator,
    denominator,
    value
from ops.kpi_latest_exact
where
    as_of_date = :day and unit_level = 'province' and boundary_version = 'as_reported'
    and breakdown = ''
order by position, unit_code
