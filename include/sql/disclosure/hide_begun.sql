-- Purpose:    hide communes and members of periods that have hardly begun: one that is rounded up
--             would be told by its province.
-- Grain:      one row per cell, added to hidden.
-- Parameters: none.
-- Reads:      cell, begun (both of this build).
-- Writes:     hidden.
insert into hidden
select cell.cell_id
from cell
inner join begun
    on
        cell.kpi_code = begun.kpi_code
        and cell.current_province_code = begun.current_province_code
where cell.is_rounded
