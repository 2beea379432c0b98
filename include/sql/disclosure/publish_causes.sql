-- Purpose:    publish what reached a KPI since the day's last publication; few rows without their
--             number, since they belong to few persons. So are rows of a dataset of which a total
--             is hidden, now or by that publication: a count grows and falls by no more than the
--             rows that came, so the total that is shown and they would tell the hidden one.
--             Causes without rows say 0.
-- Grain:      one row per KPI, cause and dataset.
-- Parameters: publication; as_of, its day; least, the smallest count that may be shown.
-- Reads:      cause, definition, cell, hidden (all of this build), mart.kpi_publication,
--             mart.kpi_value.
-- Writes:     mart.kpi_revision_cause.
insert into mart.kpi_revision_cause (publication_id, kpi_code, cause, dataset_code, row_count)
with secret as (
    select cell.kpi_code
    from hidden
    inner join cell on hidden.cell_id = cell.cell_id
    union
    select said.kpi_code
    from mart.kpi_value as said
    where
        said.is_suppressed
        and said.publication_id = (
            select max(last.publication_id)
            from mart.kpi_publication as last
            where last.as_of_date = :as_of and last.publication_id < :publication
        )
)

select
    cast(:publication as bigint) as publication_id,
    cause.kpi_code,
    cause.cause,
    cause.dataset_code,
    case
        when
            cause.row_count = 0
            or not definition.hides_small_cells
            or (
                cause.row_count >= cast(:least as bigint)
                and cause.dataset_code not in (
                    select touched.dataset_code
                    from cause as touched
                    inner join secret on touched.kpi_code = secret.kpi_code
                )
            )
            then cause.row_count
    end as row_count
from cause
inner join definition on cause.kpi_code = definition.kpi_code
