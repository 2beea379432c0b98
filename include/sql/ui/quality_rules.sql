-- Purpose:    which rules were broken most, lately.
-- Grain:      one rule of a dataset.
-- Parameters: first_day.
-- Reads:      ops.load, ops.validation_result.
-- Writes:     nothing.
select
    load.source_code,
    load.dataset_code,
    result.rule_code,
    result.dimension,
    min(result.severity) as severity,
    sum(result.unexpected_count)::bigint as unexpected_count,
    sum(load.received_count)::bigint as received_count,
    count(distinct load.day) as day_count,
    -- A rule may be two expectations: the one that rejects most tells why.
    (array_agg(result.reason_en order by result.unexpected_count desc))[1] as reason_en,
    (array_agg(result.reason_vi order by result.unexpected_count desc))[1] as reason_vi
from ops.load
inner join ops.validation_result as result on load.load_id = result.load_id
where
    load.day >= :first_day
    and load.status in ('published', 'quarantined', 'held')
    and result.unexpected_count > 0
group by load.source_code, load.dataset_code, result.rule_code, result.dimension
order by unexpected_count desc, load.source_code asc, load.dataset_code asc, result.rule_code asc
limit 15
