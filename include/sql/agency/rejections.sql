-- Purpose:    what was rejected: every rule that every record of the list broke. A record that a
--             later load of the list brought again, unchanged, is listed once, with the first.
-- Grain:      one row per record and rule it broke.
-- Parameters: loads: load ids of one source and day.
-- Reads:      ops.quarantine, ops.validation_result.
-- Writes:     rejection (temporary).
create temporary table rejection on commit drop as
select
    record.source_code || '.' || record.dataset_code as dataset_code,
    record.load_id,
    record.row_no,
    broken.code,
    rule.column_name,
    rule.expectation_type,
    rule.reason_vi,
    rule.reason_en
from ops.quarantine as record
cross join lateral unnest(record.rule_codes) as broken (code)
left join lateral (
    -- A rule may be several expectations: one asks that a value is there, others what it is.
    select
        found.column_name,
        found.expectation_type,
        found.reason_vi,
        found.reason_en
    from ops.validation_result as found
    where
        found.load_id = record.load_id
        and found.rule_code = broken.code
        and found.severity = 'critical'
    order by
        (found.expectation_type = 'expect_column_values_to_not_be_null')
        = (record.payload ? found.column_name) asc,
        found.unexpected_count desc,
        found.expectation_type asc
    limit 1
) as rule on true
where
    record.load_id = any({loads})
    and not exists (
        select from ops.quarantine as earlier
        where
            earlier.load_id = any({loads})
            and earlier.dataset_code = record.dataset_code
            and earlier.payload = record.payload
            and earlier.load_id < record.load_id
    )
