-- Purpose:    count the persons of a KPI family from its kept steps, on the boundaries of the day
--             and on current ones: who is met in several places counts once in each unit that any
--             of them lies in. What count_persons.sql must say too; verify-kpis compares them.
-- Grain:      one row per KPI, boundaries and unit (province, commune).
-- Parameters: family; as_of, the day; steps, the part steps_of_day.sql, with what it reads and its
--             own parameters.
-- Reads:      unit_of_day, kpi_period (both of this build).
-- Writes:     nothing.
with counted as (
    select
        step.kpi_code,
        step.place_code,
        step.era,
        step.members,
        row_number() over () as group_id,
        sum(step.counted) as person_count
    from ({steps}) as step
    group by step.kpi_code, step.place_code, step.era, step.members
    having sum(step.counted) <> 0
),

placed as (
    select
        counted.group_id,
        counted.kpi_code,
        counted.person_count,
        coalesce(split_part(met.place, '/', 1)::integer, counted.era) as era,
        case
            when met.place is null then counted.place_code
            else nullif(split_part(met.place, '/', 2), '')
        end as commune_code
    from counted
    left join lateral unnest(counted.members) as met (place) on true
),

-- A unit that holds two of the places holds each person once.
located as (
    select distinct
        placed.group_id,
        kpi_period.kpi_code,
        placed.person_count,
        shown.boundary_version,
        shown.unit_level,
        shown.unit_code
    from placed
    inner join kpi_period on placed.kpi_code = kpi_period.counted_as and kpi_period.reach = 0
    -- Left: what is counted outside every known unit shows as a null unit: the audit refuses it.
    left join unit_of_day as commune
        on
            placed.commune_code = commune.unit_code
            and placed.era = commune.era
            and commune.unit_level = 'commune'
    cross join
        lateral (
            values
            ('as_reported', 'commune', coalesce(commune.reported_code, placed.commune_code)),
            ('as_reported', 'province', commune.reported_province_code),
            ('current', 'commune', commune.current_code),
            ('current', 'province', commune.current_province_code)
        ) as shown (boundary_version, unit_level, unit_code)
)

select
    kpi_code,
    unit_level,
    unit_code,
    boundary_version,
    '' as breakdown,
    '' as member_code,
    sum(person_count)::bigint as numerator,
    null::bigint as denominator
from located
group by kpi_code, unit_level, unit_code, boundary_version
