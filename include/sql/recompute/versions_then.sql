-- Purpose:    a table of core as it was before some loads: records that these did not touch as they
--             are, the others as they were.
-- Grain:      one row per version.
-- Parameters: past: the view; core: a table of core; before: the temporary table of
--             kpi_touched/versions_before.sql; every_column: of record; record_key: of record;
--             dataset: its code.
-- Reads:      touched, the core table (before).
-- Writes:     nothing (the view past).
create temporary view {past} as
select {every_column}
from {core} as record
where
    not exists (
        select from touched
        where touched.dataset_code = {dataset} and touched.record_key = {record_key}
    )
union all
select {every_column}
from {before} as record
