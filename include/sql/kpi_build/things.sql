-- Purpose:    one page of the things behind a value of a day, and how many there are in all: those
--             that are counted and those that are only considered, in the denominator.
-- Grain:      one row per thing, in the order of its key; one without a thing where the page is
--             empty.
-- Parameters: reforms, units: queries of the days of reforms and of what codes mean on the day;
--             facts: the family's query, with members and falls_on; as_of: the day; counted_as:
--             the KPI's code in the query; starts_on: first day of the period, null for none;
--             boundaries, level, unit, member: the value; located_by: the level of the facts'
--             units; place_code: their column with its code; person: their column with the person,
--             where persons are counted, else null; listed, skipped: rows of the page, and before
--             it.
-- Reads:      the family's facts.
-- Writes:     nothing.
with reform as materialized (
    {reforms}
),

unit_of_day as materialized (
    {units}
),

thing as materialized (
    select
        fact.dataset_code,
        fact.record_key,
        coalesce(fact.is_counted, false) as is_counted,
        {person} as person_id
    from ({facts}) as fact
    left join unit_of_day as place
        on
            fact.{place_code} = place.unit_code
            and width_bucket(fact.written_on, (select reform.days from reform)) = place.era
            and place.unit_level = '{located_by}'
    where
        fact.counts_from <= :as_of
        and (fact.counts_to is null or fact.counts_to > :as_of)
        and fact.kpi_code = :counted_as
        and (cast(:starts_on as date) is null or fact.falls_on >= cast(:starts_on as date))
        and (:member = '' or :member = any(fact.members))
        and :unit = case
            when :level = '{located_by}' and :boundaries = 'as_reported'
                then coalesce(place.reported_code, fact.{place_code})
            when :level = '{located_by}' then place.current_code
            when :boundaries = 'as_reported' then place.reported_province_code
            else place.current_province_code
        end
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
