-- Purpose:    KPIs whose values on current boundaries do not hold what was counted as reported: a
--             province of today must come to the provinces it was made of, and to its communes.
-- Grain:      one row per KPI.
-- Parameters: summed, the codes of KPIs that count rows: they add up exactly. Persons met in two of
--             the provinces count once in the new one: between the largest and the sum of them.
-- Reads:      built, unit_of_day (both of this build).
-- Writes:     nothing.
with summed as (
    select unnest(cast(:summed as text[])) as kpi_code
),

province as (
    select distinct
        reported_code,
        current_code
    from unit_of_day
    where unit_level = 'province'
),

reported as (
    select
        built.kpi_code,
        province.current_code as province_code,
        built.breakdown,
        built.member_code,
        max(built.numerator) as largest,
        sum(built.numerator) as numerator,
        sum(built.denominator) as denominator
    from built
    inner join province on built.unit_code = province.reported_code
    where built.boundary_version = 'as_reported' and built.unit_level = 'province'
    group by built.kpi_code, province.current_code, built.breakdown, built.member_code
),

present as (
    select
        kpi_code,
        unit_code as province_code,
        breakdown,
        member_code,
        numerator,
        denominator
    from built
    where boundary_version = 'current' and unit_level = 'province'
),

commune as (
    select distinct
        current_code,
        current_province_code
    from unit_of_day
    where unit_level = 'commune'
),

of_communes as (
    select
        built.kpi_code,
        commune.current_province_code as province_code,
        sum(built.numerator) as numerator,
        sum(built.denominator) as denominator
    from built
    inner join commune on built.unit_code = commune.current_code
    where
        built.boundary_version = 'current'
        and built.unit_level = 'commune'
        and built.breakdown = ''
        and built.kpi_code in (select summed.kpi_code from summed)
    group by built.kpi_code, commune.current_province_code
)

select coalesce(reported.kpi_code, present.kpi_code) as kpi_code
from reported
full join present
    on
        reported.kpi_code = present.kpi_code
        and reported.province_code = present.province_code
        and reported.breakdown = present.breakdown
        and reported.member_code = present.member_code
where
    reported.kpi_code is null
    or present.kpi_code is null
    or present.numerator not between reported.largest and reported.numerator
    or (
        present.kpi_code in (select summed.kpi_code from summed)
        and (present.numerator, present.denominator)
        is distinct from (reported.numerator, reported.denominator)
    )
union
select of_communes.kpi_code
from of_communes
left join reported
    on
        of_communes.kpi_code = reported.kpi_code
        and of_communes.province_code = reported.province_code
        and reported.breakdown = ''
where
    (of_communes.numerator, of_communes.denominator)
    is distinct from (reported.numerator, reported.denominator)
order by kpi_code
