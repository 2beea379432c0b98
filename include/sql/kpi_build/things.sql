-- Purpose:    one page of the things behind a value of a day, and how many there are in all: those
--             that are counted and those that are only considered, in the denominator.
-- Grain:      one row per thing, in the order of its key; one without a thing where the page is
--             empty.
-- Parameters: reforms, units: queries of the days of reforms and of what codes mean on the day;
--             placed: placed_things.sql with the family's query, which reads both; as_of: the
--             day; counted_as: the KPI's code in the query; starts_on: first day of the period,
--             null for none; boundaries, level, unit, member: the value; listed, skipped: rows of
--             the page, and before it.
-- Reads:      nothing.
-- Writes:     nothing.
with reform as materialized ( -- noqa: ST03
    {reforms}
),

unit_of_day as materialized ( -- noqa: ST03
    {units}
),

thing as materialized (
    select
        placed.dataset_code,
        placed.record_key,
        placed.is_counted,
        placed.person_id
    from ({placed}) as placed
    where
        placed.kpi_code = :counted_as
        and placed.boundary_version = :boundaries
        and placed.unit_level = :level
        and placed.unit_code = :unit
        and placed.member = :member
        and (cast(:starts_on as date) is null or placed.falls_on >= cast(:starts_on as date))
),

total as (
    select
        count(*) as considered,
        count(*) filter (where is_counted) as counted,
        count(distinct person_id) filter (where is_counted) as persons
    from thing
)

select
    total.considered,
    total.counted,
    total.persons,
    page.dataset_code,
    page.record_key,
    page.is_counted
from total
left join lateral (
    select
        thing.dataset_code,
        thing.record_key,
        thing.is_counted
    from thing
    order by thing.dataset_code asc, thing.record_key asc
    limit :listed offset :skipped
) as page on true
