-- Purpose:    count the persons in a KPI family's facts, on the boundaries of the day and on
--             current ones: met in two communes, a person counts once in each of them, once in the
--             commune that both have become, and once in the province; so in every period of the
--             KPI.
-- Grain:      one row per KPI, boundaries and unit (province, commune).
-- Parameters: facts, the family's query (with person_id); as_of, the day.
-- Reads:      the family's facts, unit_of_day, reform, kpi_period, period_start (all of this
--             build).
-- Writes:     nothing.
with met as materialized (
    select
        fact.kpi_code,
        fact.commune_code,
        width_bucket(fact.written_on, (select reform.days from reform)) as era,
        fact.person_id,
        coalesce(
            width_bucket(fact.falls_on, (select period_start.days from period_start)), 0
        ) as reach
    from ({facts}) as fact
    where
        fact.is_counted
        and fact.counts_from <= :as_of
        and (fact.counts_to is null or fact.counts_to > :as_of)
),

person as materialized (
    select
        kpi_code,
        person_id,
        min(commune_code) as commune_code,
        min(era) as era,
        -- The latest fact lies in every period that an earlier one lies in.
        max(reach) as reach,
        count(commune_code) = count(*)
        and count(era) = count(*)
        and min(commune_code) = max(commune_code)
        and min(era) = max(era) as is_in_one_place
    from met
    group by kpi_code, person_id
),

-- Almost everyone is met in one place: they are counted there, and only the others told apart.
counted as (
    select
        kpi_code,
        commune_code,
        era,
        reach,
        null as person_id,
        count(*) as person_count
    from person
    where is_in_one_place
    group by kpi_code, commune_code, era, reach
    union all
    select
        met.kpi_code,
        met.commune_code,
        met.era,
        max(met.reach) as reach,
        met.person_id,
        0 as person_count
    from met
    inner join person on met.kpi_code = person.kpi_code and met.person_id = person.person_id
    where not person.is_in_one_place
    group by met.kpi_code, met.commune_code, met.era, met.person_id
),

located as (
    select
        kpi_period.kpi_code,
        counted.person_id,
        counted.person_count,
        coalesce(commune.reported_code, counted.commune_code) as reported_code,
        commune.reported_province_code,
        commune.current_code,
        commune.current_province_code
    from counted
    inner join kpi_period
        on counted.kpi_code = kpi_period.counted_as and counted.reach >= kpi_period.reach
    -- Left: what is counted outside every known unit shows as a null unit: the audit refuses it.
    left join unit_of_day as commune
        on
            counted.commune_code = commune.unit_code
            and counted.era = commune.era
            and commune.unit_level = 'commune'
)

select
    kpi_code,
    case
        when grouping(reported_code, current_code) = 3 then 'province' else 'commune'
    end as unit_level,
    coalesce(
        reported_code, reported_province_code, current_code, current_province_code
    ) as unit_code,
    case
        when grouping(reported_code, reported_province_code) = 3 then 'current'
        else 'as_reported'
    end as boundary_version,
    '' as breakdown,
    '' as member_code,
    (sum(person_count) + count(distinct person_id))::bigint as numerator,
    null::bigint as denominator
from located
group by
    kpi_code,
    grouping sets (
        (reported_province_code), (reported_code), (current_province_code), (current_code)
    )
