-- Purpose:    steps of a family that are not what its spans say now: dropped, doubled or changed.
-- Grain:      one row per KPI and place whose kept steps differ, with how many.
-- Parameters: family; fresh, the query that counts its steps (steps.sql), with what it reads.
-- Reads:      ops.kpi_step.
-- Writes:     nothing.
with fresh as (
    {fresh}
),

kept as (
    select *
    from ops.kpi_step
    where family = :family
),

differing as (
    (
        select * from fresh
        except all
        select * from kept
    )
    union all
    (
        select * from kept
        except all
        select * from fresh
    )
)

select
    kpi_code,
    coalesce(place_code, '') as place_code,
    count(*) as step_count
from differing
group by kpi_code, place_code
order by kpi_code, place_code
