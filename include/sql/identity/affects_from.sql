-- Purpose:    the earliest day on which a record counts whose verdict is another one now.
-- Grain:      one row.
-- Parameters: core, record_key, dated_by.
-- Reads:      the core table, verdict_change.
-- Writes:     nothing.
select min(record.{dated_by}::date)
from {core} as record
where {record_key} in (
    select record_key
    from verdict_change
    where verdict is distinct from was
)
