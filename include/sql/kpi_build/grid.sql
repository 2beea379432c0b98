-- Purpose:    every value that a publication has to hold: each KPI for each published unit, and for
--             the province by each member that is known beforehand; with the reason where nothing
--             is known. A unit is published when a source has delivered anything of its part of the
--             territory. A KPI is known in a part that all its sources have delivered.
-- Grain:      one row per KPI, boundaries, unit and member. reason: null: 0 when nothing was
--             counted. part_codes: the former provinces that the value covers; null: all of them.
-- Parameters: sources that have data for the day.
-- Reads:      built, definition, territory (all of this build), mart.dim_member.
-- Writes:     grid (temporary).
create temporary table grid on commit drop as
with counted as (
    select distinct
        definition.source_codes,
        definition.grain,
        built.boundary_version,
        built.unit_level,
        built.unit_code
    from built
    inner join definition on built.kpi_code = definition.kpi_code
    where
        built.breakdown = ''
        and built.unit_level = definition.grain
        and (built.numerator > 0 or built.denominator > 0)
),

part_of_unit as (
    select
        territory.*,
        count(*) over (
            partition by territory.boundary_version, territory.unit_level, territory.unit_code
        ) as part_count
    from territory
),

-- Parts of which records of these sources were counted. A commune that lies in several parts says
-- of none that it was delivered; a plan of the province is about all of them.
delivered as (
    select distinct
        counted.source_codes,
        counted.grain,
        part_of_unit.part_code
    from counted
    inner join part_of_unit
        on
            counted.boundary_version = part_of_unit.boundary_version
            and counted.unit_level = part_of_unit.unit_level
            and counted.unit_code = part_of_unit.unit_code
    where
        part_of_unit.part_count = 1
        or (counted.grain = 'province' and counted.boundary_version = 'as_reported')
),

known as (
    select
        definition.kpi_code,
        part.part_code
    from definition
    cross join (
        select distinct delivered.part_code
        from delivered
    ) as part
    where
        definition.source_codes <@ cast(:sources as text[])
        and (
            exists (
                select from delivered
                where
                    delivered.source_codes = definition.source_codes
                    and delivered.part_code = part.part_code
            )
            or not exists (
                select from unnest(definition.source_codes) as needed (source_code)
                where
                    not exists (
                        select from delivered
                        where
                            delivered.source_codes = array[needed.source_code]
                            and delivered.part_code = part.part_code
                    )
            )
        )
),

published_unit as (
    select
        boundary_version,
        unit_level,
        unit_code,
        min(province_code) as province_code,
        bool_and(is_divided) as is_divided,
        max(part_count) as part_count,
        array_agg(part_code order by part_code) as part_codes
    from part_of_unit
    where
        exists (
            select from delivered
            where
                delivered.part_code = part_of_unit.part_code
                and part_of_unit.unit_level in ('province', delivered.grain)
        )
    group by boundary_version, unit_level, unit_code
),

-- Units have few different sets of parts: what is known in a set is looked up once.
known_of_parts as (
    select
        known.kpi_code,
        parts.part_codes,
        array_agg(known.part_code order by known.part_code) as known_parts
    from (
        select distinct published_unit.part_codes
        from published_unit
    ) as parts
    inner join known on known.part_code = any(parts.part_codes)
    group by known.kpi_code, parts.part_codes
),

asked as (
    select
        definition.kpi_code,
        definition.kpi_version,
        definition.breakdowns,
        definition.has_denominator,
        unit.boundary_version,
        unit.unit_level,
        unit.unit_code,
        unit.province_code,
        unit.part_count,
        unit.is_divided,
        definition.source_codes <@ cast(:sources as text[]) as has_sources,
        known_of_parts.known_parts
    from definition
    inner join published_unit as unit
        on unit.unit_level in ('province', definition.grain)
    left join known_of_parts
        on
            definition.kpi_code = known_of_parts.kpi_code
            and unit.part_codes = known_of_parts.part_codes
),

total as (
    select
        asked.*,
        case
            when not asked.has_sources then 'source_missing'
            when asked.known_parts is null then 'no_records'
            when asked.is_divided then 'divided'
        end as reason
    from asked
)

select
    total.kpi_code,
    total.kpi_version,
    total.has_denominator,
    total.unit_level,
    total.unit_code,
    total.boundary_version,
    total.province_code,
    named.breakdown,
    named.member_code,
    total.reason,
    case
        when total.unit_level = 'province' and cardinality(total.known_parts) < total.part_count
            then total.known_parts
    end as part_codes
from total
cross join
    lateral (
        select
            '' as breakdown,
            '' as member_code
        union all
        select
            member.breakdown,
            member.member_code
        from mart.dim_member as member
        where
            total.unit_level = 'province'
            and member.breakdown = any(total.breakdowns)
            and member.is_always_shown
    ) as named
