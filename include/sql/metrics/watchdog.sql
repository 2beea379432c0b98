-- Purpose:    when the watchdog last finished a check.
-- Grain:      one row; none before its first check.
-- Parameters: none.
-- Reads:      ops.watchdog.
-- Writes:     nothing.
select extract(epoch from checked_at) as value
from ops.watchdog
