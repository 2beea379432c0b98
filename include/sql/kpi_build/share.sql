-- Purpose:    the records of a share of the things that a KPI family counts.
-- Grain:      one row per version of a record.
-- Parameters: view: the temporary view; core: a table of core; is_in_share: whether the thing of
--             record is in the share.
-- Reads:      the core table.
-- Writes:     nothing.
create or replace temporary view {view} as
select record.* -- noqa: AM04
from {core} as record
where {is_in_share}
