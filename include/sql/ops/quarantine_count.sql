-- Purpose:    how many records of a load broke which rule, and why; no payload.
-- Grain:      one load and rule.
-- Parameters: none.
-- Reads:      ops.load, ops.quarantine, ops.validation_result.
-- Writes:     ops.quarantine_count.
create or replace view ops.quarantine_count with (security_barrier = true) as
select
    counted.load_id,
    load.source_code,
    load.dataset_code,
    load.day,
    load.status,
    counted.rule_code,
    counted.record_count,
    why.dimension,
    why.reason_en,
    why.reason_vi
from (
    select
        quarantine.load_id,
        broken.rule_code,
        count(*) as record_count
    from ops.quarantine
    cross join lateral unnest(quarantine.rule_codes) as broken (rule_code)
    group by quarantine.load_id, broken.rule_code
) as counted
inner join ops.load on counted.load_id = load.load_id
left join lateral (
    -- As in ops.quarantine_reason: the expectation that rejects most tells why.
    select
        result.dimension,
        result.reason_en,
        result.reason_vi
    from ops.validation_result as result
    where result.load_id = counted.load_id and result.rule_code = counted.rule_code
    order by result.unexpected_count desc, result.expectation_type asc
    limit 1
) as why on true;

comment on view ops.quarantine_count is
'Rejected records of a load by rule, no payload. | Số bản ghi bị từ chối theo lỗi.';
comment on column ops.quarantine_count.load_id is 'Load they came with.';
comment on column ops.quarantine_count.source_code is 'Source key.';
comment on column ops.quarantine_count.dataset_code is 'Dataset of the source.';
comment on column ops.quarantine_count.day is 'Day of the load.';
comment on column ops.quarantine_count.status is 'Status of the load: published, held …';
comment on column ops.quarantine_count.rule_code is 'Rule they broke.';
comment on column ops.quarantine_count.record_count is
'Records; one that broke two rules counts with both.';
comment on column ops.quarantine_count.dimension is 'đúng, đủ, sạch or sống.';
comment on column ops.quarantine_count.reason_en is 'What the rule asks, in English.';
comment on column ops.quarantine_count.reason_vi is 'What the rule asks, in Vietnamese.';

grant select on ops.quarantine_count to dean06_ui;
