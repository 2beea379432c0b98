-- Purpose:    what becomes of a load: for its books, and to tell which statements it needs.
-- Grain:      one row per outcome.
-- Parameters: dated_by.
-- Reads:      decided.
-- Writes:     nothing.
select
    _outcome as outcome,
    count(*) as records,
    count(*) filter (where _is_stored and _is_known) as overwrites,
    count(*) filter (where _only_closes_newest) as closes,
    count(*) filter (where _is_stored and _has_key and not _only_closes_newest) as reorders,
    min(least({dated_by}::date, _was_dated)) filter (where _is_stored) as affects_from
from decided
group by _outcome
