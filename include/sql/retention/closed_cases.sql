-- Purpose:    forget whose the closed cases past their period were; write down how many.
-- Grain:      one row of ops.purge per dataset.
-- Parameters: none.
-- Reads:      ops.correction_record_due.
-- Writes:     core.correction_record, ops.purge.
with gone as (
    delete from core.correction_record as subject
    using ops.correction_record_due as due
    where subject.case_id = due.case_id
    returning due.source_code, due.dataset_code, due.classification, due.kept_days
)

insert into ops.purge (
    what, source_code, dataset_code, item_count, byte_count, classification, kept_days
)
select
    'correction' as what,
    source_code,
    dataset_code,
    count(*) as item_count,
    0 as byte_count,
    classification,
    kept_days
from gone
group by source_code, dataset_code, classification, kept_days
