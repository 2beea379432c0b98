-- Purpose:    keep the versions that are about to be overwritten as they are.
-- Grain:      one row per key and version.
-- Parameters: core; dataset: its code; same_version: join; load_id.
-- Reads:      decided, the core table.
-- Writes:     core.replaced_version.
insert into core.replaced_version (dataset_code, load_id, replaced_by, version)
select
    {dataset} as dataset_code,
    core._load_id as load_id,
    {load_id} as replaced_by,
    to_jsonb(core) as version
from {core} as core
inner join decided on {same_version}
where decided._is_stored and decided._is_known
