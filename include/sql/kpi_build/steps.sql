-- Purpose:    count the spans of a KPI family once, for every day: by how much each count goes up
--             or down on which day. What began before units were known counts from the first day
--             on which they are: no day before it can be built.
-- Grain:      one row per KPI, place as written, era, members, day from which periods count, and
--             day with a change.
-- Parameters: family; facts, its query; place, its column of the place; borders, days within a
--             month from which a KPI counts, in their order.
-- Reads:      the family's facts, reform (of this build), mart.dim_admin_unit.
-- Writes:     nothing.
with span as (
    select
        fact.kpi_code,
        fact.{place} as place_code,
        width_bucket(fact.written_on, (select reform.days from reform)) as era,
        fact.members,
        -- The last day up to its own that a period may begin on.
        greatest(
            date_trunc('month', fact.falls_on)::date,
            (cast(:borders as date[]))[width_bucket(fact.falls_on, cast(:borders as date[]))]
        ) as falls_from,
        greatest(
            fact.counts_from,
            (select min(unit.valid_from) from mart.dim_admin_unit as unit)
        ) as counts_from,
        fact.counts_to,
        fact.is_counted,
        fact.thing_count
    from ({facts}) as fact
)

select
    cast(:family as text) as family,
    span.kpi_code,
    span.place_code,
    span.era,
    span.members,
    span.falls_from,
    step.day,
    coalesce(sum(step.change) filter (where span.is_counted), 0)::bigint as counted,
    sum(step.change)::bigint as considered
from span
cross join
    lateral (
        values (span.counts_from, span.thing_count), (span.counts_to, -span.thing_count)
    ) as step (day, change)
where
    step.day is not null
    and (span.counts_to is null or span.counts_from < span.counts_to)
group by
    span.kpi_code, span.place_code, span.era, span.members, span.falls_from, step.day
having
    sum(step.change) <> 0
    or coalesce(sum(step.change) filter (where span.is_counted), 0) <> 0
