-- Purpose:    keep the exact numbers of hidden and of rounded values where readers of mart cannot
--             go.
-- Grain:      one row per such value.
-- Parameters: publication; as_of, its day.
-- Reads:      cell, hidden, definition (all of this build), mart.kpi_publication.
-- Writes:     ops.kpi_withheld.
insert into ops.kpi_withheld (
    publication_id, kpi_code, kpi_version, unit_level, unit_code, boundary_version, breakdown,
    member_code, numerator, denominator, value
)
select
    publication.publication_id,
    cell.kpi_code,
    definition.kpi_version,
    cell.unit_level,
    cell.unit_code,
    cell.boundary_version,
    cell.breakdown,
    cell.member_code,
    cell.counted as numerator,
    cell.counted + cell.uncounted as denominator,
    case
        when definition.unit <> 'share' then cell.counted
        when cell.counted + cell.uncounted > 0
            then round(cell.counted::numeric / (cell.counted + cell.uncounted), 6)
    end as value
from cell
inner join definition on cell.kpi_code = definition.kpi_code
inner join mart.kpi_publication as publication
    on publication.publication_id = :publication and publication.as_of_date = :as_of
where
    cell.is_rounded
    or exists (
        select from hidden
        where hidden.cell_id = cell.cell_id
    )
