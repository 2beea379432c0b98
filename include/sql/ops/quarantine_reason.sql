-- Purpose:    where each quarantined record stood and why it was set aside; no payload.
-- Grain:      one record and rule it broke.
-- Parameters: none.
-- Reads:      ops.landing_file, ops.quarantine, ops.validation_result.
-- Writes:     ops.quarantine_reason.
create or replace view ops.quarantine_reason with (security_barrier = true) as
select
    quarantine.load_id,
    quarantine.source_code,
    quarantine.dataset_code,
    quarantine.row_no,
    landing_file.piece_name,
    quarantine.row_no - landing_file.first_row + 1 as line_no,
    rule.rule_code,
    rule.reason_en,
    rule.reason_vi,
    quarantine.purged_at
from ops.quarantine
cross join lateral unnest(quarantine.rule_codes) as broken (rule_code)
left join lateral (
    -- A rule may be two expectations (present, well formed): the one that rejects most tells why.
    select
        validation_result.rule_code,
        validation_result.reason_en,
        validation_result.reason_vi
    from ops.validation_result
    where
        validation_result.load_id = quarantine.load_id
        and validation_result.rule_code = broken.rule_code
    order by validation_result.unexpected_count desc, validation_result.expectation_type asc
    limit 1
) as rule on true
left join lateral (
    select
        file.piece_name,
        file.first_row
    from ops.landing_file as file
    where file.load_id = quarantine.load_id and file.first_row <= quarantine.row_no
    order by file.first_row desc
    limit 1
) as landing_file on true;

comment on view ops.quarantine_reason is
'Where each quarantined record stood and why it was set aside; no payload. | Lý do bị từ chối.';
comment on column ops.quarantine_reason.load_id is 'Load it came with.';
comment on column ops.quarantine_reason.source_code is 'Source key.';
comment on column ops.quarantine_reason.dataset_code is 'Dataset of the source.';
comment on column ops.quarantine_reason.row_no is 'Position in the load.';
comment on column ops.quarantine_reason.piece_name is 'File it stood in.';
comment on column ops.quarantine_reason.line_no is 'Line of that file; sheet row of a workbook.';
comment on column ops.quarantine_reason.rule_code is 'One rule it broke.';
comment on column ops.quarantine_reason.reason_en is 'What the rule asks, in English.';
comment on column ops.quarantine_reason.reason_vi is 'What the rule asks, in Vietnamese.';
comment on column ops.quarantine_reason.purged_at is
'When the record itself was removed, its period being over; empty: it is there.';

grant select on ops.quarantine_reason to dean06_ui;
