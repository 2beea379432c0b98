-- Purpose:    the things that touched records of a dataset belong to, as any of their versions
--             says, overwritten ones too.
-- Grain:      one row per thing.
-- Parameters: core: a table of core; record_key, thing: of record; dataset: its code; loads.
-- Reads:      touched, the core table, core.replaced_version.
-- Writes:     touched_thing (temporary).
insert into touched_thing (thing)
select {thing} as thing
from {core} as record
where
    {record_key} in (
        select touched.record_key from touched
        where touched.dataset_code = {dataset}
    )
union
select {thing} as thing
from core.replaced_version as replaced
cross join lateral jsonb_populate_record(null::{core}, replaced.version) as record
where replaced.dataset_code = {dataset} and replaced.replaced_by = any({loads})
