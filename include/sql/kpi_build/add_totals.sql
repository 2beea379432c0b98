-- Purpose:    add steps to the totals of their families.
-- Grain:      one row per KPI, place as written, era, members and day from which periods count.
-- Parameters: steps, a relation like ops.kpi_step; is_wanted, which of its steps (kept: the row of
--             the family).
-- Reads:      ops.kpi_step_family (and steps).
-- Writes:     ops.kpi_step_total.
insert into ops.kpi_step_total as total
select
    step.family,
    step.kpi_code,
    step.place_code,
    step.era,
    step.members,
    step.falls_from,
    sum(step.counted)::bigint as counted,
    sum(step.considered)::bigint as considered
from {steps} as step
inner join ops.kpi_step_family as kept on step.family = kept.family
where {is_wanted} -- noqa: RF02
group by
    step.family, step.kpi_code, step.place_code, step.era, step.members, step.falls_from
having sum(step.counted) <> 0 or sum(step.considered) <> 0
on conflict on constraint kpi_step_total_is_kept_once do update set
    counted = total.counted + excluded.counted,
    considered = total.considered + excluded.considered
