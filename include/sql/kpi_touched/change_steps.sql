-- Purpose:    take out the steps that touched things had, and put in those that they have.
-- Grain:      one row per step that becomes another; change may have several, of shares of things.
-- Parameters: none.
-- Reads:      change (of this build: changed_steps.sql).
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
    sum(counted)::bigint as counted,
    sum(considered)::bigint as considered
from change
group by family, kpi_code, place_code, era, members, falls_from, day
having sum(counted) <> 0 or sum(considered) <> 0
on conflict on constraint kpi_step_is_kept_once do update set
    counted = kept.counted + excluded.counted,
    considered = kept.considered + excluded.considered
