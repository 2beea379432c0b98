-- Purpose:    the service index of a unit on a day: parts of metrics, their points and their basis.
-- Grain:      one part of a metric.
-- Parameters: day; level, unit: the unit; period: month, quarter or year.
-- Reads:      mart.service_index.
-- Writes:     nothing.
select * -- noqa: AM04
from mart.service_index
where
    as_of_date = :day
    and unit_level = :level
    and unit_code = :unit
    and period = :period
order by position, part_no
