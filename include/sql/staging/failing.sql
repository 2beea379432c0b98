-- Purpose:    what quarantine keeps of the records that break a critical rule.
-- Grain:      one rejected record.
-- Parameters: none.
-- Reads:      marked, critical (temporary: number and code of critical rules).
-- Writes:     nothing.
select
    rejected._row,
    list_sort(list(distinct critical.code)) as rule_codes,
    any_value(rejected.payload) as payload
from (
    select
        _row,
        payload,
        unnest(broken_rules) as number
    from marked
    where payload is not null
) as rejected
inner join critical on rejected.number = critical.number
group by rejected._row
order by rejected._row
