-- Purpose:    values of a unit that publications up to a moment changed, the newest first.
-- Grain:      one changed value of one publication; totals only.
-- Parameters: days; moment; level, unit: the unit; boundaries.
-- Reads:      mart.kpi_revision.
-- Writes:     nothing.
select
    publication_id,
    kpi_code,
    as_of_date,
    published_at,
    value_before,
    value
from mart.kpi_revision
where
    as_of_date = any(cast(:days as date[]))
    and published_at <= :moment
    and unit_level = :level
    and unit_code = :unit
    and boundary_version = :boundaries
    and breakdown = ''
    and value_before is distinct from value
order by publication_id desc
