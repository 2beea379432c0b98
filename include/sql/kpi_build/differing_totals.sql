-- Purpose:    totals of a family that are not the sum of its steps up to their day.
-- Grain:      one row per KPI and place whose totals differ, with how many.
-- Parameters: family.
-- Reads:      ops.kpi_step, ops.kpi_step_total, ops.kpi_step_family.
-- Writes:     nothing.
with summed as (
    select
        step.kpi_code,
        step.place_code,
        step.era,
        step.members,
        step.falls_from,
        sum(step.counted)::bigint as counted,
        sum(step.considered)::bigint as considered
    from ops.kpi_step as step
    inner join ops.kpi_step_family as kept on step.family = kept.family
    where step.family = :family and step.day <= kept.totals_on
    group by step.kpi_code, step.place_code, step.era, step.members, step.falls_from
    having sum(step.counted) <> 0 or sum(step.considered) <> 0
),

stored as (
    select
        kpi_code,
        place_code,
        era,
        members,
        falls_from,
        counted,
        considered
    from ops.kpi_step_total
    where family = :family
),

differing as (
    (
        select * from summed
        except all
        select * from stored
    )
    union all
    (
        select * from stored
        except all
        select * from summed
    )
)

select
    kpi_code,
    coalesce(place_code, '') as place_code,
    count(*) as total_count
from differing
group by kpi_code, place_code
order by kpi_code, place_code
