-- Purpose:    one KPI of every commune over the last thirty days up to a day.
-- Grain:      one commune and day.
-- Parameters: day, kpi.
-- Reads:      mart.kpi_latest.
select
    as_of_date,
    unit_code,
    unit_name,
    value
from mart.kpi_latest
where
    as_of_date > cast(%(day)s as date) - 30 and as_of_date <= %(day)s
    and kpi_code = %(kpi)s and boundary_version = 'as_reported' and unit_level = 'commune'
    and breakdown = ''
order by as_of_date, unit_code
