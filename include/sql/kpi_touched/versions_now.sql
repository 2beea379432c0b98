-- Purpose:    the versions in core of what is touched.
-- Grain:      one row per version.
-- Parameters: now: the temporary table; core: a table of core; is_wanted: whether record is
--             touched, or belongs to a thing that is.
-- Reads:      the core table (touched or touched_thing, as is_wanted says).
-- Writes:     nothing (the temporary table now).
create temporary table {now} on commit drop as
select record.*
from {core} as record
where {is_wanted}
