-- Purpose:    rules in words, as the newest check that had them says.
-- Grain:      one rule.
-- Parameters: codes.
-- Reads:      ops.validation_result.
-- Writes:     nothing.
select distinct on (rule_code)
    rule_code,
    reason_en,
    reason_vi
from ops.validation_result
where rule_code = any(cast(:codes as text[]))
order by rule_code asc, load_id desc, unexpected_count desc nulls last
