-- Purpose:    the records of a share of the things that a KPI family counts.
-- Grain:      one row per version of a record.
-- Parameters: view: the temporary view; core: a table of core; thing: what tells things apart, as
--             text; shares: how many there are; share: which one, from 0.
-- Reads:      the core table.
-- Writes:     nothing.
create or replace temporary view {view} as
select record.* -- noqa: AM04
from {core} as record
where mod(hashtext(coalesce({thing}, ''))::bigint + 2147483648, {shares}) = {share}
