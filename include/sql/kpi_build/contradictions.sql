-- Purpose:    values of a build whose parts do not add up to their whole: communes to the province,
--             members of a breakdown to the total of their unit, on either boundaries.
-- Grain:      one row per KPI and breakdown that is wrong; an empty breakdown: its communes.
-- Parameters: additive, the codes of KPIs whose communes must add up.
-- Reads:      built.
-- Writes:     nothing.
select
    built.kpi_code,
    '' as breakdown
from built
where built.kpi_code = any(:additive) and built.breakdown = ''
group by built.kpi_code, built.boundary_version
having
    coalesce(sum(built.numerator) filter (where built.unit_level = 'province'), 0)
    <> coalesce(sum(built.numerator) filter (where built.unit_level = 'commune'), 0)
union
select
    part.kpi_code,
    part.breakdown
from built as part
inner join built as whole
    on
        part.kpi_code = whole.kpi_code
        and part.unit_code = whole.unit_code
        and part.boundary_version = whole.boundary_version
        and part.unit_level = whole.unit_level
        and whole.breakdown = ''
where part.breakdown <> ''
group by
    part.kpi_code, part.breakdown, part.unit_level, part.unit_code, part.boundary_version,
    whole.numerator, whole.denominator
having
    sum(part.numerator) <> whole.numerator
    or sum(part.denominator) <> whole.denominator
