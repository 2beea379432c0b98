-- Purpose:    what went back to each agency to be corrected, by day: exact counts, for stewards.
--             Readers of mart see the quality KPIs instead, which the disclosure step has passed.
-- Grain:      one source, day, dataset and rule or verdict.
-- Parameters: none.
-- Reads:      ops.agency_list, ops.agency_list_count.
-- Writes:     ops.agency_correction.
create or replace view ops.agency_correction as
select
    list.source_code,
    list.day,
    counted.kind,
    counted.dataset_code,
    counted.code,
    counted.record_count,
    list.written_at
from ops.agency_list as list
inner join ops.agency_list_count as counted
    on
        list.source_code = counted.source_code
        and list.day = counted.day
        and list.scope = counted.scope
where list.scope = 'day';

comment on view ops.agency_correction is
'What went back to the agencies to be corrected, by day: exact counts, for stewards. |
Số bản ghi trả về cơ quan để chỉnh sửa, theo ngày.';
comment on column ops.agency_correction.source_code is 'Source whose agency it went back to.';
comment on column ops.agency_correction.day is 'Day of the list.';
comment on column ops.agency_correction.kind is
'rejected: not taken over; mismatch: not verified.';
comment on column ops.agency_correction.dataset_code is 'Source and dataset.';
comment on column ops.agency_correction.code is 'The rule broken, or the verdict.';
comment on column ops.agency_correction.record_count is
'Records; one that broke two rules counts with both, so parts need not add up to a total.';
comment on column ops.agency_correction.written_at is 'When the list became what it is.';
