-- Purpose:    rules in words: of the expectations of a rule, the one that failed most in the newest
--             load in which it failed.
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
order by
    rule_code asc,
    coalesce(unexpected_count, 0) > 0 desc,
    load_id desc,
    unexpected_count desc nulls last,
    expectation_type asc
