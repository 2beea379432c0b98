-- Purpose:    the accepted rows of a load, typed; with the day each counts from and, where it
--             withdraws its record, the day of the withdrawal.
-- Grain:      one row per accepted record of the load.
-- Parameters: meaning: the dataset's core SQL; version, dated_by; deleted: whether a version
--             withdraws its record.
-- Reads:      the core SQL (which reads accepted).
-- Writes:     nothing.
--
-- For the columnar engine.
with typed as ({meaning})

select
    *,
    {dated_by}::date as _day,
    case when {deleted} then coalesce({dated_by}::date, {version}::date) end as _withdrawn_on
from typed
