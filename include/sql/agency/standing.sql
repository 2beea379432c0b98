-- Purpose:    how the correction cases of each source stand: exact counts, for stewards.
-- Grain:      one source that has cases.
-- Parameters: none.
-- Reads:      ops.correction_spell.
-- Writes:     nothing.
select
    source_code,
    count(*) filter (where closed_on is null) as open_count,
    count(*) filter (where is_overdue) as overdue_count,
    min(due_on) filter (where closed_on is null and not is_overdue) as next_due_on,
    count(*) filter (where closed_on is not null and not is_late) as in_time_count,
    count(*) filter (where is_late) as late_count,
    count(*) filter (where spell_no > 1) as again_count
from ops.correction_spell
group by source_code
order by source_code
