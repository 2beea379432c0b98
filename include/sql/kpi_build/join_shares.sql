-- Purpose:    add the steps that were counted in shares of a family's things.
-- Grain:      one row per step.
-- Parameters: none.
-- Reads:      share (of this build).
-- Writes:     ops.kpi_step.
insert into ops.kpi_step
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
from share
group by family, kpi_code, place_code, era, members, falls_from, day
having sum(counted) <> 0 or sum(considered) <> 0
