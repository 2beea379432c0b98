-- Purpose:    one KPI of one commune over all days that were published.
-- Grain:      one day.
-- Parameters: commune, kpi.
-- Reads:      mart.kpi_latest.
select
    as_of_date,
    numerator,
    denominator,
    value,
    is_suppressed
from mart.kpi_latest
where
    kpi_code = %(kpi)s and boundary_version = 'as_reported' and unit_level = 'commune'
    and unit_code = %(commune)s and breakdown = ''
order by as_of_date
