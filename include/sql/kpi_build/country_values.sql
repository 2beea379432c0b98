-- Purpose:    values of the country and of its provinces on a day, from the newest publications of
--             the provinces: temporary table country_value. A sum needs a number of every province.
--             It is made of published numbers alone, so it tells nothing that they do not tell.
-- Grain:      one KPI, unit, boundaries and member.
-- Parameters: as_of; provinces: those that a national value needs.
-- Reads:      definition (of this build), core.publications__province_value,
--             mart.admin_unit_successor, mart.dim_admin_unit.
-- Writes:     country_value (temporary).
create temporary table country_value on commit drop as
with
expected as (
    select province_key
    from unnest(cast(:provinces as text[])) as named (province_key)
),

newest as (
    select
        value.province_key,
        max(value.place) as place
    from core.publications__province_value as value
    inner join expected on value.province_key = expected.province_key
    where value.as_of_date = :as_of and value._is_current
    group by value.province_key
),

told as (
    select value.*
    from core.publications__province_value as value
    inner join newest on value.province_key = newest.province_key and value.place = newest.place
    where value._is_current
),

given as (
    select told.*
    from told
    inner join definition
        on
            told.kpi_code = definition.kpi_code
            and told.kpi_version = definition.kpi_version
            and coalesce(told.definition, '') = coalesce(definition.digest, '')
),

cell as (
    select
        kpi_code,
        '' as breakdown,
        '' as member_code
    from definition
    union
    select
        kpi_code,
        breakdown,
        member_code
    from given
),

unit as (
    select distinct
        told.province_key,
        told.unit_code,
        coalesce(joined.successor_code, told.unit_code) as current_code
    from told
    left join mart.admin_unit_successor as joined
        on
            joined.unit_level = 'province'
            and joined.is_default
            and told.unit_code = joined.unit_code
            and joined.replaced_on > :as_of
),

-- Which units a value is made of; the country also of provinces that have published nothing.
part as (
    select
        'country' as unit_level,
        'VN' as unit_code,
        boundary.boundary_version,
        expected.province_key,
        unit.unit_code as part_code
    from expected
    cross join (values ('as_reported'), ('current')) as boundary (boundary_version)
    left join unit on expected.province_key = unit.province_key
    union all
    select
        'province' as unit_level,
        unit_code,
        'as_reported' as boundary_version,
        province_key,
        unit_code as part_code
    from unit
    union all
    select
        'province' as unit_level,
        current_code as unit_code,
        'current' as boundary_version,
        province_key,
        unit_code as part_code
    from unit
),

-- All provinces that a unit is made of, whether or not they take part.
whole as (
    select
        'province' as unit_level,
        'current' as boundary_version,
        successor_code as unit_code,
        array_agg(unit_code order by unit_code) as part_codes
    from mart.admin_unit_successor
    where unit_level = 'province' and is_default and replaced_on > :as_of
    group by successor_code
    union all
    select
        'country' as unit_level,
        boundary.boundary_version,
        'VN' as unit_code,
        array_agg(dim.unit_code order by dim.unit_code) as part_codes
    from mart.dim_admin_unit as dim
    cross join (values ('as_reported'), ('current')) as boundary (boundary_version)
    where
        dim.unit_level = 'province'
        and dim.valid_from <= :as_of
        and (dim.valid_to is null or dim.valid_to > :as_of)
    group by boundary.boundary_version
),

listed as (
    select
        part.unit_level,
        part.unit_code,
        part.boundary_version,
        part.part_code,
        cell.kpi_code,
        cell.breakdown,
        cell.member_code,
        given.kpi_code is not null as is_given,
        given.numerator,
        given.denominator,
        given.value,
        given.is_rounded,
        given.counted_on,
        case
            when given.numerator is not null then null
            when given.kpi_code is not null then coalesce(given.missing_reason, 'province_missing')
            when
                exists (
                    select from told
                    where
                        part.province_key = told.province_key
                        and part.part_code = told.unit_code
                        and cell.kpi_code = told.kpi_code
                        and cell.breakdown = told.breakdown
                        and cell.member_code = told.member_code
                )
                then 'definitions_differ'
            else 'province_missing'
        end as reason
    from part
    cross join cell
    left join given
        on
            part.province_key = given.province_key
            and part.part_code = given.unit_code
            and cell.kpi_code = given.kpi_code
            and cell.breakdown = given.breakdown
            and cell.member_code = given.member_code
),

added as (
    select
        listed.unit_level,
        listed.unit_code,
        listed.boundary_version,
        listed.kpi_code,
        definition.kpi_version,
        listed.breakdown,
        listed.member_code,
        definition.unit = 'share' as is_share,
        case
            when count(*) > 1 and definition.additivity = 'non_additive' then 'not_additive'
            else (
                array_agg(
                    listed.reason
                    order by
                        array_position(
                            array[
                                'province_missing', 'definitions_differ', 'source_missing',
                                'no_records', 'divided', 'hidden'
                            ],
                            listed.reason
                        )
                ) filter (where listed.reason is not null)
            )[1]
        end as reason,
        sum(listed.numerator) as numerator,
        sum(listed.denominator) as denominator,
        coalesce(bool_or(listed.is_rounded), false) as is_rounded,
        min(listed.counted_on) as counted_on,
        array_agg(listed.part_code order by listed.part_code)
        filter (where listed.part_code is not null) as part_codes
    from listed
    inner join definition on listed.kpi_code = definition.kpi_code
    group by
        listed.unit_level, listed.unit_code, listed.boundary_version, listed.kpi_code,
        definition.kpi_version, listed.breakdown, listed.member_code, definition.unit,
        definition.additivity
    -- Members that nobody declares are listed only where they were counted.
    having listed.breakdown = '' or bool_or(listed.is_given)
)

select
    added.kpi_code,
    added.kpi_version,
    added.unit_level,
    added.unit_code,
    added.boundary_version,
    added.breakdown,
    added.member_code,
    case when added.unit_level = 'province' then added.unit_code end as province_code,
    coalesce(added.reason = 'hidden', false) as is_suppressed,
    nullif(added.reason, 'hidden') as unknown_because,
    case when added.reason is null then added.numerator::bigint end as numerator,
    case when added.reason is null then added.denominator::bigint end as denominator,
    case
        when added.reason is not null then null
        when not added.is_share then added.numerator
        when added.denominator > 0 then round(added.numerator / added.denominator, 6)
    end as value,
    added.is_rounded and added.reason is null as is_rounded,
    case when added.is_rounded and added.reason is null then added.counted_on end as counted_on,
    case when added.part_codes <> whole.part_codes then added.part_codes end as part_codes
from added
left join whole
    on
        added.unit_level = whole.unit_level
        and added.boundary_version = whole.boundary_version
        and added.unit_code = whole.unit_code
