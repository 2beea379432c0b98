-- Purpose:    the days on which boundaries changed: a record uses the codes of the era in which it
--             was written, width_bucket(written_on, days).
-- Grain:      one row.
-- Parameters: none.
-- Reads:      mart.admin_unit_successor.
-- Writes:     reform (temporary).
create temporary table reform on commit drop as
select coalesce(array_agg(reform.day order by reform.day), '{}') as days
from (
    select distinct successor.replaced_on as day
    from mart.admin_unit_successor as successor
) as reform
