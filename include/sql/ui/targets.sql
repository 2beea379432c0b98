-- Purpose:    how a unit's latest values of a day stand to their targets, totals only.
-- Grain:      one target.
-- Parameters: day, level, unit.
-- Reads:      mart.kpi_status, mart.kpi_target.
-- Writes:     nothing.
select
    status.*, -- noqa: AM04
    target.has_daily_need,
    target.legal_basis,
    target.quote_vi,
    target.scale
from mart.kpi_status as status
inner join mart.kpi_target as target on status.target_id = target.target_id
where
    status.as_of_date = :day
    and status.unit_level = :level
    and status.unit_code = :unit
    and status.breakdown = ''
order by status.target_id
