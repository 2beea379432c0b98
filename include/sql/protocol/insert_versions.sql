-- Purpose:    store the versions that core does not hold yet. Of a key that is new their validity
--             is complete; other keys are put in order afterwards.
-- Grain:      one row per key and version.
-- Parameters: core; columns: its columns; load_id.
-- Reads:      decided (sorted by key, so that indexes grow at their end).
-- Writes:     the core table.
insert into {core} ({columns}, _load_id, _is_current, _valid_to)
select
    {columns},
    {load_id} as _load_id,
    _is_newest,
    _valid_to
from decided
where _is_stored and not _is_known
