-- Purpose:    records of which loads stored a version.
-- Grain:      one row per record.
-- Parameters: core: a table of core; record_key: the key of record; dataset: its code; loads.
-- Reads:      the core table.
-- Writes:     touched (temporary).
insert into touched (dataset_code, record_key)
select distinct
    {dataset} as dataset_code,
    {record_key} as record_key
from {core} as record
where record._load_id = any({loads})
