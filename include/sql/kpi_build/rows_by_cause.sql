-- Purpose:    what newly covered loads brought to a dataset that counts on or before a day.
-- Grain:      one row per cause.
-- Parameters: core, key (same_key: of record and other), version, dated_by, deleted; loads; as_of;
--             dataset.
-- Reads:      the core table.
-- Writes:     arrived.
insert into arrived
select
    {dataset} as dataset_code,
    case
        when {deleted} then 'deleted_rows'
        when known.dated_on is not null then 'corrected_rows'
        else 'late_rows'
    end as cause,
    count(*) as row_count
from {core} as record
left join lateral (
    select min(cast(other.{dated_by} as date)) as dated_on
    from {core} as other
    where {same_key} and other._load_id <> all({loads})
) as known on true
where
    record._load_id = any({loads})
    -- A correction moves a record also out of the day: then only what was known says so.
    and ({deleted} or least(cast(record.{dated_by} as date), known.dated_on) <= {as_of})
group by 2
