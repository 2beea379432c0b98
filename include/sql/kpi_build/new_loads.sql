-- Purpose:    published loads that no build of a day has covered.
-- Grain:      one load.
-- Parameters: day.
-- Reads:      ops.load, ops.kpi_coverage.
-- Writes:     nothing.
select
    load_id,
    source_code || '__' || dataset_code as table_name,
    inserted_count + updated_count + deleted_count + superseded_count > 0 as has_changes
from ops.load
where
    status = 'published' and (affects_from <= :day or day = :day)
    and not exists (
        select from ops.kpi_coverage
        where kpi_coverage.load_id = load.load_id and kpi_coverage.as_of_date = :day
    )
