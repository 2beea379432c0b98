-- Purpose:    agencies with their tasks of the plan on a day: due, done on time; the lowest share
--             first, those without a task that is due last.
-- Grain:      one agency.
-- Parameters: day; unit: the province.
-- Reads:      mart.programme_league.
-- Writes:     nothing.
select
    owner_code,
    owner_name_vi,
    owner_name_en,
    task_count,
    due_count,
    on_time_count,
    on_time_share
from mart.programme_league
where as_of_date = :day and unit_code = :unit
order by on_time_share asc nulls last, due_count desc, owner_code asc
