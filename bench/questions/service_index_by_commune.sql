-- Purpose:    points of the service-quality index by unit, of the year to the day.
-- Grain:      one unit.
-- Parameters: day.
-- Reads:      mart.service_index_total.
select
    unit_code,
    points,
    measurable_points
from mart.service_index_total
where as_of_date = %(day)s and unit_level = 'commune' and period = 'year'
order by points desc
limit 200
