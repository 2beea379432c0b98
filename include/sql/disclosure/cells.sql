-- Purpose:    the values of a build as cells with two counts each, what counts and what does not;
--             where the cell lies; whether it may have to be hidden (totals of provinces) or is
--             rounded (communes, members of breakdowns); whether it was hidden before.
-- Grain:      one row per value of the build.
-- Parameters: as_of, the day; publication, the one that is being made; base, what counts by commune
--             and member are rounded to (0: they are published as they are).
-- Reads:      built, definition, unit_of_day (all of this build), ops.kpi_exact,
--             mart.kpi_publication.
-- Writes:     cell (temporary).
create temporary table cell on commit drop as
with earlier as (
    -- What the day said last, and what the newest day before says.
    select max(publication_id) as publication_id
    from mart.kpi_publication
    where as_of_date = :as_of and publication_id < :publication
    union all
    (
        select publication_id
        from mart.kpi_publication
        where as_of_date < :as_of and publication_id < :publication
        order by as_of_date desc, publication_id desc
        limit 1
    )
),

once_hidden as (
    select
        kpi_code,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        count(*) as times
    from ops.kpi_exact
    where
        is_suppressed
        and unit_level = 'province'
        and breakdown = ''
        -- An array: the planner looks these up, and does not read all that were ever made.
        and publication_id = any(array(select earlier.publication_id from earlier))
    group by kpi_code, unit_code, boundary_version, breakdown, member_code
),

place as (
    select
        lies_in.boundary_version,
        unit_of_day.unit_level,
        lies_in.unit_code,
        min(lies_in.province_code) as province_code,
        min(unit_of_day.current_code) as current_code,
        min(unit_of_day.current_province_code) as current_province_code
    from unit_of_day
    cross join
        lateral (
            values
            ('as_reported', unit_of_day.reported_code, unit_of_day.reported_province_code),
            ('current', unit_of_day.current_code, unit_of_day.current_province_code)
        ) as lies_in (boundary_version, unit_code, province_code)
    group by lies_in.boundary_version, unit_of_day.unit_level, lies_in.unit_code
)

select
    row_number() over () as cell_id,
    built.kpi_code,
    built.unit_level,
    built.unit_code,
    built.boundary_version,
    built.breakdown,
    built.member_code,
    built.numerator as counted,
    built.denominator - built.numerator as uncounted,
    coalesce(place.province_code, split_part(built.unit_code, ':', 1)) as province_code,
    -- The newest unit that it is a part of.
    coalesce(place.current_code, built.unit_code) as current_code,
    coalesce(place.current_province_code, split_part(built.unit_code, ':', 1))
        as current_province_code,
    definition.hides_small_cells
    and built.unit_level = 'province'
    and built.breakdown = '' as is_guarded,
    definition.hides_small_cells
    and (built.unit_level = 'commune' or built.breakdown <> '')
    and cast(:base as bigint) > 0 as is_rounded,
    coalesce(once_hidden.times, 0) as times_hidden
from built
inner join definition on built.kpi_code = definition.kpi_code
left join place
    on
        built.boundary_version = place.boundary_version
        and built.unit_level = place.unit_level
        and built.unit_code = place.unit_code
left join once_hidden
    on
        built.unit_level = 'province'
        and built.kpi_code = once_hidden.kpi_code
        and built.unit_code = once_hidden.unit_code
        and built.boundary_version = once_hidden.boundary_version
        and built.breakdown = once_hidden.breakdown
        and built.member_code = once_hidden.member_code
