-- Purpose:    the earliest day on which a record counts whose verdict is another one now; where
--             only the death of its person is new, no day before the death is another.
-- Grain:      one row.
-- Parameters: core, record_key, dated_by.
-- Reads:      the core table, verdict_change.
-- Writes:     nothing.
select
    min(
        case
            when verdict_change.is_same_in_life
                then greatest(record.{dated_by}::date, verdict_change.deceased_from_either)
            else record.{dated_by}::date
        end
    )
from {core} as record
inner join verdict_change on {record_key} = verdict_change.record_key
where verdict_change.counts_otherwise
