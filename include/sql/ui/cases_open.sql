-- Purpose:    correction cases that are open, overdue ones first; no record.
-- Grain:      one case.
-- Parameters: source: null for all; size: how many at most.
-- Reads:      ops.correction_spell.
-- Writes:     nothing.
select
    case_id,
    spell_no,
    dataset_code,
    codes,
    severity,
    opened_on,
    due_on,
    listed_count,
    is_overdue
from ops.correction_spell
where
    closed_on is null
    and (cast(:source as text) is null or source_code = cast(:source as text))
order by due_on asc nulls last, case_id asc
limit :size
