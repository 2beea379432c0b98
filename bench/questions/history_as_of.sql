-- Purpose:    the province's values of a day as leaders read them at a moment.
-- Grain:      one KPI.
-- Parameters: day, province, moment.
-- Reads:      mart.kpi_history.
select
    kpi_code,
    numerator,
    denominator,
    value,
    publication_id
from mart.kpi_history
where
    as_of_date = %(day)s and unit_level = 'province' and unit_code = %(province)s
    and boundary_version = 'as_reported' and breakdown = ''
    and published_at <= %(moment)s and (superseded_at is null or superseded_at > %(moment)s)
