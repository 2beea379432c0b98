-- Purpose:    why records of a day were set aside.
-- Grain:      one dataset and rule.
-- Parameters: day.
-- Reads:      ops.quarantine_reason, ops.load.
-- Writes:     nothing.
with newest as (
    select max(load_id) as load_id
    from ops.load
    where day = :day and corrects_load_id is null
    group by source_code, dataset_code
)

select
    reason.source_code,
    reason.dataset_code,
    reason.rule_code,
    reason.reason_en,
    reason.reason_vi,
    max(load.quarantined_count) as quarantined_count,
    count(*) as records
from ops.quarantine_reason as reason
inner join ops.load on reason.load_id = load.load_id
where reason.load_id in (select newest.load_id from newest)
group by
    reason.source_code, reason.dataset_code, reason.rule_code, reason.reason_en,
    reason.reason_vi
order by reason.source_code asc, reason.dataset_code asc, records desc
