-- Purpose:    which critical rules more records of held batches break than their suites allow.
-- Grain:      one rule of a load; a rule without counts is about the whole table.
-- Parameters: loads.
-- Reads:      ops.validation_result.
-- Writes:     nothing.
select
    load_id,
    rule_code,
    unexpected_count,
    element_count,
    -- 1 - 0.98 is not 0.02 in binary.
    round(1 - coalesce(allowed_share, 1)::numeric, 4) as allowed_failing,
    reason_en,
    reason_vi
from ops.validation_result
where load_id = any(:loads) and severity = 'critical' and not is_success
order by load_id asc, unexpected_count desc, rule_code asc
