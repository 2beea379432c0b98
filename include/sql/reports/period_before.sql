-- Purpose:    a province's values of a whole period beside those of the previous period.
-- Grain:      one KPI of this period; totals only.
-- Parameters: period: month, quarter or year; last_day: its last day; unit: the province.
-- Reads:      mart.period_comparison.
-- Writes:     nothing.
select
    kpi_code,
    change,
    reason_en,
    reason_vi
from mart.period_comparison
where
    period = :period
    and last_day = :last_day
    and unit_level = 'province'
    and unit_code = :unit
    and boundary_version = 'as_reported'
    and breakdown = ''
