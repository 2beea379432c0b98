-- Purpose:    hide all members by commune of a breakdown of which one is hidden: shares, datasets,
--             communes cross in them, and no choice of some keeps every sum of the others.
-- Grain:      one row per cell, added to hidden.
-- Parameters: none.
-- Reads:      cell, linked, hidden (all of this build).
-- Writes:     hidden.
insert into hidden
select cell.cell_id
from cell
inner join linked
    on
        cell.kpi_code = linked.kpi_code
        and cell.breakdown = linked.breakdown
        and linked.kind = 'together'
where
    cell.unit_level = 'commune'
    and cell.counted > 0
    and cell.kpi_code in (
        select small.kpi_code
        from hidden as already
        inner join cell as small on already.cell_id = small.cell_id
        where small.unit_level = 'commune' and small.breakdown = linked.breakdown
    )
    and not exists (
        select from hidden as already
        where already.cell_id = cell.cell_id
    )
