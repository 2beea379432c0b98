-- Purpose:    count the facts of a KPI family whose communes add up to their province.
-- Grain:      one row per KPI and unit (province, commune), and per province and member of a
--             breakdown.
-- Parameters: as_of, the day; facts, the family's query.
-- Reads:      the family's facts, mart.dim_admin_unit, definition (this build's KPI definitions).
with by_commune as (
    select
        fact.kpi_code,
        fact.commune_code,
        fact.members,
        count(*) filter (where fact.is_counted) as counted,
        count(*) as considered
    from ({facts}) as fact
    group by fact.kpi_code, fact.commune_code, fact.members
),

located as (
    select
        by_commune.*,
        definition.has_denominator,
        commune.province_code
    from by_commune
    inner join definition on by_commune.kpi_code = definition.kpi_code
    -- Left: what is counted outside every known unit shows as a null unit: the audit refuses it.
    left join mart.dim_admin_unit as commune
        on
            by_commune.commune_code = commune.unit_code
            and commune.unit_level = 'commune'
            and commune.valid_from <= :as_of
            and (commune.valid_to is null or commune.valid_to > :as_of)
)

select
    kpi_code,
    case grouping(commune_code) when 1 then 'province' else 'commune' end as unit_level,
    coalesce(commune_code, province_code) as unit_code,
    '' as breakdown,
    '' as member_code,
    sum(counted)::bigint as numerator,
    case when has_denominator then sum(considered)::bigint end as denominator
from located
group by has_denominator, grouping sets ((kpi_code, province_code), (kpi_code, commune_code))
union all
select
    located.kpi_code,
    'province' as unit_level,
    located.province_code as unit_code,
    split_part(named.member, ':', 1) as breakdown,
    split_part(named.member, ':', 2) as member_code,
    sum(located.counted)::bigint as numerator,
    case when located.has_denominator then sum(located.considered)::bigint end as denominator
from located
cross join lateral unnest(located.members) as named (member)
group by located.has_denominator, located.kpi_code, located.province_code, named.member
