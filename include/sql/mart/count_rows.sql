-- Purpose:    count the facts of a KPI family whose communes add up to their province.
-- Grain:      one row per KPI and unit (province, commune).
-- Parameters: as_of, the day; facts, the family's query.
-- Reads:      the family's facts, mart.dim_admin_unit, definition (this build's KPI definitions).
with by_commune as (
    select
        fact.kpi_code,
        fact.commune_code,
        count(*) filter (where fact.is_counted) as counted,
        count(*) as considered
    from ({facts}) as fact
    group by fact.kpi_code, fact.commune_code
)

select
    by_commune.kpi_code,
    case grouping(by_commune.commune_code) when 1 then 'province' else 'commune' end as unit_level,
    coalesce(by_commune.commune_code, commune.province_code) as unit_code,
    sum(by_commune.counted)::bigint as numerator,
    case when definition.has_denominator then sum(by_commune.considered)::bigint end as denominator
from by_commune
inner join definition on by_commune.kpi_code = definition.kpi_code
-- Left: what is counted outside every known unit shows as a null unit, and the audit refuses it.
left join mart.dim_admin_unit as commune
    on
        by_commune.commune_code = commune.unit_code
        and commune.unit_level = 'commune'
        and commune.valid_from <= :as_of
        and (commune.valid_to is null or commune.valid_to > :as_of)
group by
    definition.has_denominator,
    grouping sets (
        (by_commune.kpi_code, commune.province_code),
        (by_commune.kpi_code, by_commune.commune_code)
    )
