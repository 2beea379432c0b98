-- Purpose:    say of every version of a touched key whether it is the newest, and until when it
--             holds: versions follow each other by the day they count from, then by version. Once a
--             record is withdrawn, no version of it holds past the day of the withdrawal.
-- Grain:      one row per version of a touched key.
-- Parameters: core; ordered: the part ordered.sql, of the versions of touched keys, which shows
--             what core says of them now; same_version: join.
-- Reads:      nothing (what ordered reads).
-- Writes:     the core table.
--
-- Versions that stay as they are, more than half of them, are not looked up again.
update {core} as core
set _is_current = ordered.is_current, _valid_to = ordered.valid_to
from (
    {ordered}
) as ordered
where
    {same_version}
    and (ordered._is_current, ordered._valid_to)
    is distinct from (ordered.is_current, ordered.valid_to)
