-- Purpose:    units that have a service index on a day, provinces first.
-- Grain:      one unit.
-- Parameters: day.
-- Reads:      mart.service_index_total, mart.dim_admin_unit.
-- Writes:     nothing.
select distinct
    total.unit_level,
    total.unit_code,
    unit.unit_name
from mart.service_index_total as total
left join mart.dim_admin_unit as unit
    on
        total.unit_level = unit.unit_level
        and total.unit_code = unit.unit_code
        and total.as_of_date >= unit.valid_from
        and (unit.valid_to is null or total.as_of_date < unit.valid_to)
where total.as_of_date = :day
order by total.unit_level desc, unit.unit_name asc, total.unit_code asc
