-- Purpose:    by how much the steps of touched things differ from those that they had.
-- Grain:      one row per step that becomes another.
-- Parameters: family; now, before: the query that counts its steps (steps.sql), of things as they
--             are and as they were.
-- Reads:      nothing (what the queries read).
-- Writes:     nothing.
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
from (
    select * from ({now}) as now
    union all
    select
        family,
        kpi_code,
        place_code,
        era,
        members,
        falls_from,
        day,
        -counted as counted,
        -considered as considered
    from ({before}) as before
) as change
group by family, kpi_code, place_code, era, members, falls_from, day
having sum(counted) <> 0 or sum(considered) <> 0
