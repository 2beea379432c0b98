-- Purpose:    how long files are kept, by the folder they lie in.
-- Grain:      a dataset; for lists, which are of a whole source, the source.
-- Parameters: what: landing, staging or agency_list.
-- Reads:      ops.retention.
-- Writes:     nothing.
select
    retention.source_code,
    case
        when retention.what in ('landing', 'staging') then retention.dataset_code else ''
    end as dataset_code,
    -- A list is as sensitive as the most sensitive of its records.
    min(retention.kept_days) as kept_days,
    (
        array_agg(retention.classification order by retention.kept_days, retention.dataset_code)
    )[1] as classification
from ops.retention
where retention.what = :what
group by 1, 2
