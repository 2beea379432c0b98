-- Purpose:    what a KPI family counts on a day, before it is placed on boundaries: the sum of its
--             steps up to the day.
-- Grain:      one row per KPI, place as written, members, era and number of first days of periods
--             reached.
-- Parameters: family; as_of, the day.
-- Reads:      ops.kpi_step, period_start (of this build).
-- Writes:     nothing.
--
-- Part of count_rows.sql and count_rows_of_province.sql.
select
    step.kpi_code,
    step.place_code,
    step.members,
    step.era,
    -- How many of the first days of periods a thing has reached; none without a day.
    coalesce(
        width_bucket(step.falls_from, (select period_start.days from period_start)), 0
    ) as reach,
    sum(step.counted) as counted,
    sum(step.considered) as considered
from ops.kpi_step as step
where step.family = :family and step.day <= :as_of
group by step.kpi_code, step.place_code, step.members, step.era, reach
having sum(step.considered) <> 0
