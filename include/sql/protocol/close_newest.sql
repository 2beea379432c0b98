-- Purpose:    of records with one new version that follows their newest version: that version holds
--             until the day of the new one. Their other versions stay as they are, so they are not
--             read. Records with more new versions are ordered by order_versions.sql afterwards.
-- Grain:      one row per record.
-- Parameters: core; same_newest: join condition of key and newest version; dated_by.
-- Reads:      decided.
-- Writes:     the core table.
update {core} as core
set _is_current = false, _valid_to = decided.{dated_by}::date
from decided
where {same_newest} and decided._only_closes_newest
