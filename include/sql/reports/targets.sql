-- Purpose:    how the totals of the provinces on a day stand to their targets.
-- Grain:      one target.
-- Parameters: day.
-- Reads:      mart.kpi_status.
-- Writes:     nothing.
select
    kpi_code,
    unit_code,
    target_id,
    name_vi,
    name_en,
    unit,
    operator,
    target,
    status,
    status_vi,
    status_en,
    share_reached,
    missing_count,
    needed_per_day,
    ends_on,
    remark_vi
from mart.kpi_status
where as_of_date = :day and unit_level = 'province' and breakdown = ''
order by target_id
