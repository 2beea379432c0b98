-- Purpose:    communes by one KPI, hidden values last.
-- Grain:      one commune.
-- Parameters: day, kpi, boundaries.
-- Reads:      mart.kpi_latest.
select
    unit_code,
    unit_name,
    numerator,
    denominator,
    value,
    is_suppressed
from mart.kpi_latest
where
    as_of_date = %(day)s and kpi_code = %(kpi)s and boundary_version = %(boundaries)s
    and unit_level = 'commune' and breakdown = ''
order by is_suppressed, value desc nulls last
limit 1000
