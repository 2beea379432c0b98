-- Purpose:    place the counts of a KPI family whose communes add up to their province on the
--             boundaries of the day and on current ones, for every period of each KPI.
-- Grain:      one row per KPI, boundaries and unit (province, commune), per province and member of
--             a breakdown, and per commune and member of a breakdown that communes have too.
-- Parameters: counts, what the family counts on the day (kept_of_day.sql or spans_of_day.sql, with
--             what they read and their own parameters); commune_breakdowns.
-- Reads:      unit_of_day, definition, kpi_period (all of this build).
-- Writes:     nothing.
with by_commune as (
    {counts}
),

located as (
    select
        kpi_period.kpi_code,
        by_commune.members,
        by_commune.counted,
        by_commune.considered,
        definition.has_denominator,
        place.boundary_version,
        place.commune_code,
        place.province_code
    from by_commune
    inner join kpi_period
        on
            by_commune.kpi_code = kpi_period.counted_as
            and by_commune.reach >= kpi_period.reach
    inner join definition on kpi_period.kpi_code = definition.kpi_code
    -- Left: what is counted outside every known unit shows as a null unit: the audit refuses it.
    left join unit_of_day as commune
        on
            by_commune.place_code = commune.unit_code
            and by_commune.era = commune.era
            and commune.unit_level = 'commune'
    cross join lateral (
        values
        (
            'as_reported',
            coalesce(commune.reported_code, by_commune.place_code),
            commune.reported_province_code
        ),
        ('current', commune.current_code, commune.current_province_code)
    ) as place (boundary_version, commune_code, province_code)
)

select
    located.kpi_code,
    case grouping(located.commune_code) when 1 then 'province' else 'commune' end as unit_level,
    coalesce(located.commune_code, located.province_code) as unit_code,
    located.boundary_version,
    split_part(named.member, ':', 1) as breakdown,
    split_part(named.member, ':', 2) as member_code,
    sum(located.counted)::bigint as numerator,
    case when located.has_denominator then sum(located.considered)::bigint end as denominator
from located
-- The total is the member without a name.
cross join lateral unnest(array_append(located.members, '')) as named (member)
group by
    located.has_denominator, located.kpi_code, located.boundary_version, named.member,
    grouping sets ((located.province_code), (located.commune_code))
having
    grouping(located.commune_code) = 1
    or split_part(named.member, ':', 1) in ('', {commune_breakdowns})
