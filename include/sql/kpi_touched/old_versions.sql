-- Purpose:    the versions of touched records without those that some loads brought, and with those
--             that these overwrote.
-- Grain:      one row per version.
-- Parameters: core: a table of core; record_key: of record; dataset: its code; loads.
-- Reads:      touched, the core table, core.replaced_version.
-- Writes:     nothing.
--
-- Part of versions_before.sql. A version that two of the loads overwrote is the one before both.
select record.*
from {core} as record
where
    record._load_id <> all({loads})
    and {record_key} in (
        select touched.record_key from touched
        where touched.dataset_code = {dataset}
    )
union all
select record.*
from core.replaced_version as replaced
cross join lateral jsonb_populate_record(null::{core}, replaced.version) as record
where
    replaced.dataset_code = {dataset}
    and replaced.replaced_by = any({loads})
    and replaced.load_id <> all({loads})
