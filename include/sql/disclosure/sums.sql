-- Purpose:    which totals of provinces add up to which: old provinces make a new one, on the other
--             boundaries. What one hidden cell could be computed from.
-- Grain:      one row per sum and cell in it, its total or a part.
-- Parameters: none.
-- Reads:      cell (of this build).
-- Writes:     summed (temporary).
create temporary table summed on commit drop as
select
    dense_rank() over (order by kpi_code, current_code) as sum_id,
    cell_id,
    boundary_version = 'current' as is_total
from cell
where is_guarded
