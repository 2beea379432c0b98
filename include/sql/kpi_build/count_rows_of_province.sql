-- Purpose:    place the counts of a KPI family that belong to a province and to no commune on the
--             boundaries of the day and on current ones.
-- Grain:      one row per KPI, boundaries and province, and per province and member of a breakdown.
-- Parameters: counts, what the family counts on the day (kept_of_day.sql or spans_of_day.sql, with
--             what they read and their own parameters).
-- Reads:      unit_of_day, definition (both of this build).
-- Writes:     nothing.
with by_member as (
    {counts}
),

located as (
    select
        by_member.kpi_code,
        by_member.members,
        by_member.counted,
        by_member.considered,
        definition.has_denominator,
        place.boundary_version,
        place.province_code
    from by_member
    inner join definition on by_member.kpi_code = definition.kpi_code
    -- Left: a province unknown on the day shows as a null unit: the audit refuses it.
    left join unit_of_day as province
        on
            by_member.place_code = province.unit_code
            and by_member.era = province.era
            and province.unit_level = 'province'
    cross join lateral (
        values
        ('as_reported', coalesce(province.reported_code, by_member.place_code)),
        ('current', province.current_code)
    ) as place (boundary_version, province_code)
)

select
    located.kpi_code,
    'province' as unit_level,
    located.province_code as unit_code,
    located.boundary_version,
    split_part(named.member, ':', 1) as breakdown,
    split_part(named.member, ':', 2) as member_code,
    sum(located.counted)::bigint as numerator,
    case when located.has_denominator then sum(located.considered)::bigint end as denominator
from located
-- The total is the member without a name.
cross join lateral unnest(array_append(located.members, '')) as named (member)
group by
    located.kpi_code, located.boundary_version, located.province_code, located.has_denominator,
    named.member
