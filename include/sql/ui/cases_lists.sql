-- Purpose:    the newest lists of agencies, and who has received them as they are now.
-- Grain:      one list.
-- Parameters: source: null for all; size: how many at most.
-- Reads:      ops.agency_list, ops.agency_receipt.
-- Writes:     nothing.
select
    list.source_code,
    list.day,
    list.rejected_count,
    list.mismatch_count,
    list.csv_name,
    list.csv_sha256,
    receipt.received_by,
    receipt.noted_by,
    receipt.noted_at
from ops.agency_list as list
left join ops.agency_receipt as receipt
    on
        list.source_code = receipt.source_code
        and list.day = receipt.day
        and list.csv_sha256 = receipt.csv_sha256
where
    list.scope = 'day'
    and list.rejected_count + list.mismatch_count > 0
    and (cast(:source as text) is null or list.source_code = cast(:source as text))
order by list.day desc, list.source_code asc
limit :size
