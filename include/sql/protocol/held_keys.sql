-- Purpose:    which keys core holds.
-- Grain:      one key.
-- Parameters: core: its table; same_key: join condition; version.
-- Reads:      asked (keys of a load, with a number), the core table.
-- Writes:     nothing.
--
-- Each key is looked up in the primary key, whatever the planner believes of a table just made.
select asked._number
from asked
cross join
    lateral (
        select held.{version}
        from {core} as held
        where {same_key}
        order by held.{version}
        limit 1
    ) as found
