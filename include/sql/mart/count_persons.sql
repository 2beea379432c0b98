-- Purpose:    count the persons in a KPI family's facts: met in two communes, a person counts once
--             in each of them and once in the province.
-- Grain:      one row per KPI and unit (province, commune).
-- Parameters: as_of, the day; facts, the family's query (with person_id).
-- Reads:      the family's facts, mart.dim_admin_unit.
with met as (
    select distinct
        fact.kpi_code,
        fact.commune_code,
        fact.person_id
    from ({facts}) as fact
    where fact.is_counted
)

select
    met.kpi_code,
    case grouping(met.commune_code) when 1 then 'province' else 'commune' end as unit_level,
    coalesce(met.commune_code, commune.province_code) as unit_code,
    '' as breakdown,
    '' as member_code,
    count(distinct met.person_id) as numerator,
    null::bigint as denominator
from met
-- Left: what is counted outside every known unit shows as a null unit, and the audit refuses it.
left join mart.dim_admin_unit as commune
    on
        met.commune_code = commune.unit_code
        and commune.unit_level = 'commune'
        and commune.valid_from <= :as_of
        and (commune.valid_to is null or commune.valid_to > :as_of)
group by
    grouping sets (
        (met.kpi_code, commune.province_code),
        (met.kpi_code, met.commune_code)
    )
