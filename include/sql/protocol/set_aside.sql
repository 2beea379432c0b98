-- Purpose:    put every row that broke a critical rule into quarantine, with all rules it broke and
--             what was received.
-- Grain:      one rejected row.
-- Parameters: load_id, source, dataset; failed: the table of failing rows; staging: its table; row,
--             place, problem, raw: columns of staging; row_name, withdrawn_name, problem_name,
--             raw_name: keys of the payload.
-- Reads:      the failing rows, the staging table.
-- Writes:     ops.quarantine.
insert into ops.quarantine (load_id, row_no, source_code, dataset_code, rule_codes, payload)
select
    {load_id} as load_id,
    staged.{row},
    {source} as source_code,
    {dataset} as dataset_code,
    failed.rule_codes,
    case
        when staged.{problem} is null
            then jsonb_strip_nulls(to_jsonb(staged) - {row_name} - {withdrawn_name})
        else
            jsonb_build_object(
                {problem_name}, staged.{problem}, {raw_name}, staged.{raw}
            )
    end as payload
from {failed} as failed
inner join {staging} as staged on failed.{place} = staged.ctid and failed._row = staged.{row}
