-- Purpose:    a held build knows the transaction that made it. Its row version does not: whoever
--             updates the row, or says something about its release, writes a newer one and could
--             then add values that no second person has seen.
-- Grain:      none (a column).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table ops.kpi_build add column made_in xid8;
alter table ops.kpi_build alter column made_in set default pg_current_xact_id();
comment on column ops.kpi_build.made_in is
'Transaction that made it and its values; empty: from before they were kept.';
