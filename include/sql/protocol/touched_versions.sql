-- Purpose:    all versions of the records of which a load stores one. Those of a record that is new
--             were ordered when they were inserted; close_newest.sql does the ordinary ones.
-- Grain:      one row per version.
-- Parameters: core; key, core_key: key columns.
-- Reads:      decided, the core table.
-- Writes:     nothing.
select core.*
from {core} as core
where ({core_key}) in (
    select {key}
    from decided
    where _is_stored and _has_key and not _only_closes_newest
)
