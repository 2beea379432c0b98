-- Purpose:    steps of several shares of things as one step each.
-- Grain:      one row per step.
-- Parameters: steps, a temporary table like ops.kpi_step.
-- Reads:      nothing (the table steps).
-- Writes:     nothing.
--
-- Part of join_shares.sql and kpi_touched/change_steps.sql.
select
    family,
    kpi_code,
    place_code,
    era,
    members,
    falls_from,
    day,
    sum(counted)::bigint as counted,
    sum(considered)::bigint as considered
from {steps}
group by family, kpi_code, place_code, era, members, falls_from, day
having sum(counted) <> 0 or sum(considered) <> 0
