-- Purpose:    what a KPI family counts on a day, before it is placed on boundaries: the sum of its
--             totals and the steps between their day and this one.
-- Grain:      one row per KPI, place as written, members, era and number of first days of periods
--             reached.
-- Parameters: family; as_of, the day; steps, the part steps_of_day.sql, with what it reads and its
--             own parameters.
-- Reads:      period_start (of this build).
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
from ({steps}) as step
group by step.kpi_code, step.place_code, step.members, step.era, reach
having sum(step.considered) <> 0
