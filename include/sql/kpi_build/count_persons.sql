-- Purpose:    count the persons in a KPI family's facts, on the boundaries of the day and on
--             current ones: met in two communes, a person counts once in each of them, once in the
--             commune that both have become, and once in the province; so in every period of the
--             KPI.
-- Grain:      one row per KPI, boundaries and unit (province, commune).
-- Parameters: facts, the family's query (with person_id); as_of, the day.
-- Reads:      the family's facts, unit_of_day, reform, kpi_period, period_start (all of this
--             build).
-- Writes:     nothing.
with met as (
    select
        fact.kpi_code,
        fact.commune_code,
        width_bucket(fact.written_on, (select reform.days from reform)) as era,
        fact.person_id,
        -- The latest fact lies in every period that an earlier one lies in.
        max(
            coalesce(
                width_bucket(fact.falls_on, (select period_start.days from period_start)), 0
            )
        ) as reach
    from ({facts}) as fact
    where
        fact.is_counted
        and fact.counts_from <= :as_of
        and (fact.counts_to is null or fact.counts_to > :as_of)
    group by fact.kpi_code, fact.commune_code, era, fact.person_id
),

located as (
    select
        kpi_period.kpi_code,
        met.person_id,
        coalesce(commune.reported_code, met.commune_code) as reported_code,
        commune.reported_province_code,
        commune.current_code,
        commune.current_province_code
    from met
    inner join kpi_period
        on met.kpi_code = kpi_period.counted_as and met.reach >= kpi_period.reach
    -- Left: what is counted outside every known unit shows as a null unit: the audit refuses it.
    left join unit_of_day as commune
        on
            met.commune_code = commune.unit_code
            and met.era = commune.era
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
    count(distinct person_id) as numerator,
    null::bigint as denominator
from located
group by
    kpi_code,
    grouping sets (
        (reported_province_code), (reported_code), (current_province_code), (current_code)
    )
