-- Purpose:    problems that the watchdog knows to be open, by kind. The rest of a problem's key and
--             its message stay in the ledger.
-- Grain:      one kind, those without problems too.
-- Parameters: kinds: all that there are.
-- Reads:      ops.alert.
-- Writes:     nothing.
select
    listed.kind,
    count(alert.alert_id) as value
from unnest(cast(:kinds as text[])) as listed (kind)
left join ops.alert as alert
    on listed.kind = split_part(alert.alert_key, ':', 1) and alert.closed_at is null
group by listed.kind
order by listed.kind
