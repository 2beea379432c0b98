-- Purpose:    publish what reached a KPI since the day's last publication; few rows without their
--             number, since they belong to few persons. Causes without rows say 0.
-- Grain:      one row per KPI, cause and dataset.
-- Parameters: publication; least, the smallest count that may be shown.
-- Reads:      cause, definition (both of this build).
-- Writes:     mart.kpi_revision_cause.
insert into mart.kpi_revision_cause (publication_id, kpi_code, cause, dataset_code, row_count)
select
    cast(:publication as bigint) as publication_id,
    cause.kpi_code,
    cause.cause,
    cause.dataset_code,
    case
        when
            not definition.hides_small_cells
            or cause.row_count not between 1 and cast(:least as bigint) - 1
            then cause.row_count
    end as row_count
from cause
inner join definition on cause.kpi_code = definition.kpi_code
