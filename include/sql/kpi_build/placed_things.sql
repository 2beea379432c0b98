-- Purpose:    the things that a KPI family counts or considers on a day, in every unit and member
--             in which they do.
-- Grain:      one row per KPI, thing, boundaries, level of unit and member; an empty member stands
--             for all things.
-- Parameters: facts: the family's query; located_by: the level of the facts' units; place_code:
--             their column with its code; person: their column with the person, where persons are
--             counted, else null; as_of: the day.
-- Reads:      the family's facts, reform, unit_of_day (of this listing).
-- Writes:     nothing.
--
-- Part of things.sql.
select
    fact.kpi_code,
    fact.dataset_code,
    fact.record_key,
    coalesce(fact.is_counted, false) as is_counted,
    {person} as person_id,
    fact.falls_on,
    lists.member,
    shown.boundary_version,
    shown.unit_level,
    shown.unit_code
from ({facts}) as fact
left join unit_of_day as place
    on
        fact.{place_code} = place.unit_code
        and width_bucket(fact.written_on, (select reform.days from reform)) = place.era
        and place.unit_level = '{located_by}'
cross join lateral unnest(array_append(fact.members, '')) as lists (member)
cross join
    lateral (
        values
        ('as_reported', '{located_by}', coalesce(place.reported_code, fact.{place_code})),
        ('current', '{located_by}', place.current_code),
        -- Of what is in no commune, the province is the unit above already.
        ('as_reported', nullif('province', '{located_by}'), place.reported_province_code),
        ('current', nullif('province', '{located_by}'), place.current_province_code)
    ) as shown (boundary_version, unit_level, unit_code)
where
    fact.counts_from <= :as_of
    and (fact.counts_to is null or fact.counts_to > :as_of)
