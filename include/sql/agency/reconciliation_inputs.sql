-- Purpose:    the days on which both sides can be reconciled, and whether that is due: no
--             reconciliation is there, or it was made from other loads.
-- Grain:      one day that the portal has published.
-- Parameters: none.
-- Reads:      ops.load, ops.portal_reconciliation.
-- Writes:     nothing.
--
-- A load of a day counts in the reconciliations of that day and of every later one.
select
    made_from.day,
    made_from.load_count,
    made_from.last_load_id,
    (
        made_from.load_count is distinct from made.load_count
        or made_from.last_load_id is distinct from made.last_load_id
    ) as is_due
from (
    select distinct
        load.day,
        count(*) over up_to as load_count,
        max(load.load_id) over up_to as last_load_id
    from ops.load
    where load.source_code = 'portal' and load.status = 'published'
    window up_to as (order by load.day)
) as made_from
left join ops.portal_reconciliation as made on made_from.day = made.day
order by made_from.day
