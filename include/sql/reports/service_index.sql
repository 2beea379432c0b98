-- Purpose:    the service index of the provinces, of the year to a day.
-- Grain:      one province.
-- Parameters: day.
-- Reads:      mart.service_index_total, mart.dim_admin_unit.
-- Writes:     nothing.
select
    total.told_vi,
    total.told_en,
    unit.unit_name,
    unit.unit_name_en
from mart.service_index_total as total
inner join mart.dim_admin_unit as unit
    on
        total.unit_level = unit.unit_level and total.unit_code = unit.unit_code
        and total.as_of_date >= unit.valid_from
        and (unit.valid_to is null or total.as_of_date < unit.valid_to)
where total.as_of_date = :day and total.unit_level = 'province' and total.period = 'year'
order by total.unit_code
