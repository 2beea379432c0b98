-- Purpose:    provinces that totals were published for, up to a moment.
-- Grain:      one province.
-- Parameters: day; moment.
-- Reads:      mart.dim_admin_unit, mart.kpi_history.
-- Writes:     nothing.
select distinct
    value.unit_code,
    unit.unit_name,
    unit.valid_from
from mart.kpi_history as value
inner join mart.dim_admin_unit as unit
    on
        value.unit_level = unit.unit_level
        and value.unit_code = unit.unit_code
        and value.as_of_date >= unit.valid_from
        and (unit.valid_to is null or value.as_of_date < unit.valid_to)
where
    value.as_of_date = :day
    and value.published_at <= :moment
    and value.unit_level = 'province'
    and value.boundary_version = 'as_reported'
    and value.breakdown = ''
order by value.unit_code
