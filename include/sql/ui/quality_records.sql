-- Purpose:    where the rejected records of a load stood and which rules they broke; no payload.
-- Grain:      one rejected record.
-- Parameters: load_id; rule: null for all; size, skipped: of the page.
-- Reads:      ops.quarantine_reason.
-- Writes:     nothing.
select
    row_no,
    piece_name,
    line_no,
    array_agg(rule_code order by rule_code) as rule_codes,
    array_agg(reason_en order by rule_code) as reasons_en,
    array_agg(reason_vi order by rule_code) as reasons_vi,
    purged_at
from ops.quarantine_reason
where load_id = :load_id
group by row_no, piece_name, line_no, purged_at
having cast(:rule as text) is null or cast(:rule as text) = any(array_agg(rule_code))
order by row_no
limit :size offset :skipped
