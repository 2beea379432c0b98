-- Purpose:    the records of a dataset that touched things consist of, now or before.
-- Grain:      one row per record.
-- Parameters: now, before: temporary tables; record_key: of record; dataset: its code.
-- Reads:      nothing (now and before).
-- Writes:     wanted_record (temporary).
insert into wanted_record (dataset_code, record_key)
select
    {dataset} as dataset_code,
    {record_key} as record_key
from {now} as record
union
select
    {dataset} as dataset_code,
    {record_key} as record_key
from {before} as record
