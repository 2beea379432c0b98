-- Purpose:    what the code of a province or commune, written in some era, means on a day, and
--             where that lies on the newest boundaries.
-- Grain:      one row per era, level and code.
-- Parameters: as_of, the day.
-- Reads:      reform (of this build), mart.dim_admin_unit, mart.admin_unit_successor.
-- Writes:     unit_of_day (temporary).
create temporary table unit_of_day on commit drop as
with successor as (
    -- The first reform after the day is the one that ended what the code meant on it.
    select distinct on (unit_level, unit_code)
        unit_level,
        unit_code,
        replaced_on,
        successor_code,
        successor_province_code
    from mart.admin_unit_successor
    where is_default and replaced_on > :as_of
    order by unit_level asc, unit_code asc, replaced_on asc
),

on_day as (
    select
        unit.unit_level,
        unit.unit_code,
        unit.province_code,
        coalesce(
            successor.successor_code,
            case
                when of_province.unit_code is not null
                    then concat_ws(':', of_province.successor_code, 'unknown')
            end,
            unit.unit_code
        ) as current_code,
        coalesce(
            successor.successor_province_code, of_province.successor_code, unit.province_code
        ) as current_province_code
    from mart.dim_admin_unit as unit
    left join successor
        on unit.unit_level = successor.unit_level and unit.unit_code = successor.unit_code
    -- What nobody can tell of a province, nobody can tell of the one that it became.
    left join successor as of_province
        on
            of_province.unit_level = 'province'
            and unit.province_code = of_province.unit_code
            and unit.unit_code = concat_ws(':', unit.province_code, 'unknown')
    where
        unit.unit_level in ('province', 'commune')
        and unit.valid_from <= :as_of
        and (unit.valid_to is null or unit.valid_to > :as_of)
),

-- Communes of today with those of the day that became them; only where no commune became it by
-- default, those that gave it a part.
came_from as (
    select
        current_code,
        current_province_code,
        province_code
    from on_day
    where unit_level = 'commune'
    union all
    select
        part.successor_code as current_code,
        part.successor_province_code as current_province_code,
        on_day.province_code
    from on_day
    inner join successor
        on
            on_day.unit_level = successor.unit_level
            and on_day.unit_code = successor.unit_code
    inner join mart.admin_unit_successor as part
        on
            successor.unit_level = part.unit_level
            and successor.unit_code = part.unit_code
            and successor.replaced_on = part.replaced_on
    where
        on_day.unit_level = 'commune'
        and not part.is_default
        and not exists (
            select from on_day as other
            where
                other.unit_level = 'commune'
                and other.current_code = part.successor_code
        )
),

-- Every commune of today that came from one province of the day.
origin as (
    select
        current_code,
        min(current_province_code) as current_province_code,
        min(province_code) as province_code
    from came_from
    group by current_code
    having count(distinct province_code) = 1
)

-- Written in the day's own era.
select
    width_bucket(cast(:as_of as date), reform.days) as era,
    on_day.unit_level,
    on_day.unit_code,
    on_day.unit_code as reported_code,
    on_day.province_code as reported_province_code,
    on_day.current_code,
    on_day.current_province_code
from on_day
cross join reform
union all
-- Written before a reform that the day has seen: the successor.
select
    width_bucket(ended.replaced_on - 1, reform.days) as era,
    ended.unit_level,
    ended.unit_code,
    ended.successor_code as reported_code,
    ended.successor_province_code as reported_province_code,
    ended.successor_code as current_code,
    ended.successor_province_code as current_province_code
from mart.admin_unit_successor as ended
cross join reform
where ended.is_default and ended.replaced_on <= :as_of
union all
-- Written after a reform that the day had not seen: which of the old communes, nobody can say.
select
    cardinality(reform.days) as era,
    'commune' as unit_level,
    origin.current_code as unit_code,
    concat_ws(':', origin.province_code, 'unknown') as reported_code,
    origin.province_code as reported_province_code,
    origin.current_code,
    origin.current_province_code
from origin
cross join reform
where
    width_bucket(cast(:as_of as date), reform.days) < cardinality(reform.days)
    and split_part(origin.current_code, ':', 2) = ''
