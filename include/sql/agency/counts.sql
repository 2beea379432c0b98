-- Purpose:    how many records of a list broke which rule or have which verdict.
-- Grain:      one row per dataset and rule or verdict.
-- Parameters: none.
-- Reads:      rejection, mismatch, correction.
-- Writes:     nothing.
select
    'rejected' as kind,
    dataset_code,
    code,
    count(*) as record_count,
    string_agg(distinct reason_vi, ' ') as reason_vi
from rejection
group by dataset_code, code
union all
select
    'mismatch' as kind,
    mismatch.dataset_code,
    mismatch.code,
    count(*) as record_count,
    correction.reason_vi
from mismatch
left join correction on correction.kind = 'verdict' and mismatch.code = correction.code
group by mismatch.dataset_code, mismatch.code, correction.reason_vi
order by kind desc, dataset_code asc, record_count desc, code asc
