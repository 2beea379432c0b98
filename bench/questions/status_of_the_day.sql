-- Purpose:    how every target stands.
-- Grain:      one target.
-- Parameters: day.
-- Reads:      mart.kpi_status.
select
    target_id,
    name_vi,
    value,
    target,
    share_reached,
    status_vi,
    days_left,
    needed_per_day,
    remark_vi,
    is_suppressed
from mart.kpi_status
where as_of_date = %(day)s
order by share_reached
limit 1000
