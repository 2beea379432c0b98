-- Purpose:    some of the files that no load needs any longer.
-- Grain:      one file.
-- Parameters: size: how many at once.
-- Reads:      ops.landing_due.
-- Writes:     nothing.
select landing_due.landed_path
from ops.landing_due
where not landing_due.is_needed
order by landing_due.landed_at, landing_due.landed_path
limit :size
