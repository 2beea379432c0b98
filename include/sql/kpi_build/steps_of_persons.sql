-- Purpose:    count the persons of a KPI family once, for every day: by how many persons are met in
--             a set of places go up or down on which day. Persons who are met in the same places
--             count alike, wherever boundaries are. What began before units were known counts from
--             the first day on which they are.
-- Grain:      one row per KPI, set of places as written, and day with a change. One place:
--             place_code and era; several: members, each '<era>/<place>', and era -1.
-- Parameters: family; facts, its query (with person_id).
-- Reads:      the family's facts, reform (of this build), mart.dim_admin_unit.
-- Writes:     nothing.
with met as materialized (
    select
        span.kpi_code,
        span.person_id,
        span.place,
        span.counts_from,
        span.counts_to
    from (
        select
            fact.kpi_code,
            fact.person_id,
            concat(
                coalesce(
                    width_bucket(fact.written_on, (select reform.days from reform)), -1
                ),
                '/',
                fact.commune_code
            ) as place,
            greatest(
                fact.counts_from,
                (select min(unit.valid_from) from mart.dim_admin_unit as unit)
            ) as counts_from,
            coalesce(fact.counts_to, 'infinity') as counts_to
        from ({facts}) as fact
        where fact.is_counted
    ) as span
    where span.counts_from < span.counts_to
),

person as materialized (
    select
        kpi_code,
        person_id,
        min(place) as place,
        min(counts_from) as counts_from,
        max(counts_to) as counts_to,
        count(*) = 1 as is_met_once,
        min(place) = max(place) as is_in_one_place
    from met
    group by kpi_code, person_id
),

-- Of who is met several times, the days on which anything begins or ends.
several as materialized (
    select
        met.*,
        person.is_in_one_place
    from met
    inner join person on met.kpi_code = person.kpi_code and met.person_id = person.person_id
    where not person.is_met_once
),

-- In one place: the days on which they are met, however often.
stay as (
    select
        kpi_code,
        place,
        unnest(range_agg(daterange(counts_from, counts_to))) as days
    from several
    where is_in_one_place
    group by kpi_code, person_id, place
),

border as (
    select distinct
        several.kpi_code,
        several.person_id,
        border.day
    from several
    cross join lateral (values (several.counts_from), (several.counts_to)) as border (day)
    where not several.is_in_one_place and border.day < 'infinity'
),

since as (
    select
        border.kpi_code,
        border.person_id,
        border.day,
        array_agg(distinct several.place) filter (where several.place is not null) as places
    from border
    left join several
        on
            border.kpi_code = several.kpi_code
            and border.person_id = several.person_id
            and border.day >= several.counts_from
            and border.day < several.counts_to
    group by border.kpi_code, border.person_id, border.day
),

change as (
    select
        person.kpi_code,
        person.place,
        null::text[] as places,
        step.day,
        step.change
    from person
    cross join
        lateral (values (person.counts_from, 1), (person.counts_to, -1)) as step (day, change)
    where person.is_met_once
    union all
    select
        stay.kpi_code,
        stay.place,
        null::text[] as places,
        step.day,
        step.change
    from stay
    cross join
        lateral (
            values (lower(stay.days), 1), (upper(stay.days), -1)
        ) as step (day, change)
    union all
    select
        moved.kpi_code,
        case when cardinality(step.places) = 1 then step.places[1] end as place,
        case when cardinality(step.places) > 1 then step.places end as places,
        moved.day,
        step.change
    from (
        select
            since.*,
            lag(since.places) over (
                partition by since.kpi_code, since.person_id
                order by since.day
            ) as before
        from since
    ) as moved
    cross join
        lateral (values (moved.places, 1), (moved.before, -1)) as step (places, change)
    where step.places is not null and moved.places is distinct from moved.before
)

select
    cast(:family as text) as family,
    kpi_code,
    nullif(split_part(place, '/', 2), '') as place_code,
    coalesce(split_part(place, '/', 1)::integer, -1) as era,
    places as members,
    null::date as falls_from,
    day,
    sum(change)::bigint as counted,
    sum(change)::bigint as considered
from change
where day < 'infinity'
group by kpi_code, place, places, day
having sum(change) <> 0
