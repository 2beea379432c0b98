-- Purpose:    count the facts of a KPI family that belong to a province and to no commune.
-- Grain:      one row per KPI and province, and per province and member of a breakdown.
-- Parameters: facts, the family's query (with province_code).
-- Reads:      the family's facts, definition (this build's KPI definitions).
with by_member as (
    select
        fact.kpi_code,
        fact.province_code,
        fact.members,
        definition.has_denominator,
        count(*) filter (where fact.is_counted) as counted,
        count(*) as considered
    from ({facts}) as fact
    inner join definition on fact.kpi_code = definition.kpi_code
    group by fact.kpi_code, fact.province_code, fact.members, definition.has_denominator
)

select
    kpi_code,
    'province' as unit_level,
    province_code as unit_code,
    '' as breakdown,
    '' as member_code,
    sum(counted)::bigint as numerator,
    case when has_denominator then sum(considered)::bigint end as denominator
from by_member
group by kpi_code, province_code, has_denominator
union all
select
    by_member.kpi_code,
    'province' as unit_level,
    by_member.province_code as unit_code,
    split_part(named.member, ':', 1) as breakdown,
    split_part(named.member, ':', 2) as member_code,
    sum(by_member.counted)::bigint as numerator,
    case when by_member.has_denominator then sum(by_member.considered)::bigint end as denominator
from by_member
cross join lateral unnest(by_member.members) as named (member)
group by by_member.kpi_code, by_member.province_code, by_member.has_denominator, named.member
