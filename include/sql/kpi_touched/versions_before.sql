-- Purpose:    the versions of what is touched as they were before some loads: without what these
--             brought, with what they overwrote, in the order that they had.
-- Grain:      one row per version.
-- Parameters: before: the temporary table; now: the temporary table of versions_now.sql; core: a
--             table of core; ordered: the part protocol/ordered.sql, of old_versions.sql; columns:
--             of the core table; record_key, is_wanted: of record; dataset: its code.
-- Reads:      touched (touched_thing, where is_wanted names it; now; what ordered reads).
-- Writes:     nothing (the temporary table before).
create temporary table {before} on commit drop as
select
    {columns},
    record.is_current as _is_current,
    record.valid_to as _valid_to
from (
    {ordered}
) as record
where {is_wanted}
union all
-- Records that belong to a touched thing, of which nothing has changed.
select
    {columns},
    record._is_current,
    record._valid_to
from {now} as record
where
    {record_key} not in (
        select touched.record_key from touched
        where touched.dataset_code = {dataset}
    )
