-- Purpose:    what was restated last, and why.
-- Grain:      one restated value of a province.
-- Parameters: day.
-- Reads:      mart.kpi_revision.
select
    published_at,
    kpi_code,
    value_before,
    value,
    causes
from mart.kpi_revision
where as_of_date = %(day)s and unit_level = 'province' and boundary_version = 'as_reported'
order by published_at desc
limit 100
