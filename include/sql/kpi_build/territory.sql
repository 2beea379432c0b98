-- Purpose:    the units of both boundaries with the former provinces that lie in them: those of the
--             day where the day is before a reform, else those that the last reform ended. A source
--             may deliver one of them and not the other.
-- Grain:      one row per boundaries, unit and former province (part_code).
-- Parameters: as_of, the day.
-- Reads:      reform, unit_of_day (both of this build), mart.dim_admin_unit,
--             mart.admin_unit_successor.
-- Writes:     territory (temporary).
create temporary table territory on commit drop as
with former as (
    select distinct
        ended.unit_level,
        ended.successor_code as unit_code,
        replaced.province_code as part_code
    from mart.admin_unit_successor as ended
    inner join mart.dim_admin_unit as replaced
        on
            ended.unit_level = replaced.unit_level
            and ended.unit_code = replaced.unit_code
            and ended.replaced_on > replaced.valid_from
            and ended.replaced_on <= coalesce(replaced.valid_to, 'infinity')
    where
        ended.replaced_on = (
            select max(last.replaced_on)
            from mart.admin_unit_successor as last
            where last.replaced_on <= :as_of
        )
),

-- Communes that no commune became by default stand in the newest era only.
placed as (
    select
        'as_reported' as boundary_version,
        unit_of_day.unit_level,
        unit_of_day.reported_code as unit_code,
        unit_of_day.reported_province_code as province_code,
        unit_of_day.reported_province_code as own_part_code,
        true as is_default
    from unit_of_day
    cross join reform
    where unit_of_day.era = width_bucket(cast(:as_of as date), reform.days)
    union all
    select
        'current' as boundary_version,
        unit_of_day.unit_level,
        unit_of_day.current_code as unit_code,
        unit_of_day.current_province_code as province_code,
        unit_of_day.reported_province_code as own_part_code,
        unit_of_day.era = width_bucket(cast(:as_of as date), reform.days) as is_default
    from unit_of_day
    cross join reform
    where
        unit_of_day.era in (
            width_bucket(cast(:as_of as date), reform.days), cardinality(reform.days)
        )
)

select
    placed.boundary_version,
    placed.unit_level,
    placed.unit_code,
    placed.province_code,
    coalesce(former.part_code, placed.own_part_code) as part_code,
    not bool_or(placed.is_default) as is_divided
from placed
left join former
    on placed.unit_level = former.unit_level and placed.unit_code = former.unit_code
group by
    placed.boundary_version, placed.unit_level, placed.unit_code, placed.province_code,
    coalesce(former.part_code, placed.own_part_code)
