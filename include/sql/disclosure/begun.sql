-- Purpose:    periods in which a province has counted some persons, but fewer than the least that
--             may be shown, and how few can be told: totals since the beginning are published of
--             the day and of the day before the period began.
-- Grain:      one row per KPI and province of today.
-- Parameters: least, the smallest count that may be shown.
-- Reads:      cell, definition (both of this build).
-- Writes:     begun (temporary).
create temporary table begun on commit drop as
select distinct
    cell.kpi_code,
    cell.current_province_code
from cell
inner join definition on cell.kpi_code = definition.kpi_code
inner join definition as whole
    on definition.base_code = whole.base_code and whole.period = 'since_start'
where
    definition.period in ('month', 'quarter', 'year')
    and cell.is_guarded
    and (
        cell.counted between 1 and cast(:least as bigint) - 1
        or cell.uncounted between 1 and cast(:least as bigint) - 1
    )
