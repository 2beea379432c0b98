-- Purpose:    what had reached KPIs between a publication and the one before it.
-- Grain:      one KPI, publication, cause and dataset.
-- Parameters: publications: their ids.
-- Reads:      mart.kpi_revision_reason.
-- Writes:     nothing.
select
    publication_id,
    kpi_code,
    cause,
    cause_en,
    cause_vi,
    dataset_code,
    dataset_name_en,
    dataset_name_vi,
    row_count
from mart.kpi_revision_reason
where publication_id = any(cast(:publications as bigint[]))
order by publication_id asc, kpi_code asc, row_count desc nulls last, cause asc, dataset_code asc
