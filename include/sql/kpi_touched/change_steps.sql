-- Purpose:    take out the steps that touched things had, and put in those that they have.
-- Grain:      one row per step that becomes another.
-- Parameters: family; now, before: the query that counts its steps (steps.sql), of things as they
--             are and as they were.
-- Reads:      nothing (what the queries read).
-- Writes:     ops.kpi_step.
insert into ops.kpi_step as kept
select
    family,
    kpi_code,
    place_code,
    era,
    members,
    falls_from,
    day,
    sum(counted) as counted,
    sum(considered) as considered
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
on conflict on constraint kpi_step_is_kept_once do update set
    counted = kept.counted + excluded.counted,
    considered = kept.considered + excluded.considered
