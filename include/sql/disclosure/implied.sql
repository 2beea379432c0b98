-- Purpose:    hide what would tell a hidden value: parts of it, or another KPI of as many.
-- Grain:      one row per cell, added to hidden.
-- Parameters: none.
-- Reads:      cell, linked, hidden (all of this build).
-- Writes:     hidden.
insert into hidden
select distinct told.cell_id
from hidden
inner join cell on hidden.cell_id = cell.cell_id
inner join linked
    on
        cell.kpi_code = linked.kpi_code
        and cell.breakdown = linked.breakdown
        and linked.kind = 'implies'
inner join cell as told
    on
        linked.linked_code = told.kpi_code
        and linked.linked_breakdown = told.breakdown
        and cell.member_code = told.member_code
        and cell.unit_level = told.unit_level
        and cell.unit_code = told.unit_code
        and cell.boundary_version = told.boundary_version
where
    told.is_guarded
    and told.counted + coalesce(told.uncounted, 0) > 0
    and not exists (
        select from hidden as already
        where already.cell_id = told.cell_id
    )
