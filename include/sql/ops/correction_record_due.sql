-- Purpose:    keys of rejected records whose case has been closed for as long as quarantine keeps a
--             payload of their dataset. Keys of open cases are needed: a delivery is known by them.
-- Grain:      one case.
-- Parameters: none.
-- Reads:      core.correction_record, ops.correction_event, ops.correction_spell, ops.retention.
-- Writes:     ops.correction_record_due.
create or replace view ops.correction_record_due as
select
    spell.case_id,
    spell.source_code,
    retention.dataset_code,
    retention.classification,
    retention.kept_days
from ops.correction_spell as spell
inner join core.correction_record as subject on spell.case_id = subject.case_id
inner join ops.retention
    on
        retention.what = 'quarantine'
        and spell.dataset_code = retention.source_code || '.' || retention.dataset_code
where
    spell.kind = 'rejected'
    and spell.is_last
    and spell.closed_on is not null
    and not exists (
        select from ops.correction_event as late
        where
            late.case_id = spell.case_id
            and late.noted_at >= now() - make_interval(days => retention.kept_days)
    );

comment on view ops.correction_record_due is
'Keys of rejected records whose closed case is past its period. | Khóa hết thời hạn lưu giữ.';
comment on column ops.correction_record_due.case_id is 'The case.';
comment on column ops.correction_record_due.source_code is 'Source key.';
comment on column ops.correction_record_due.dataset_code is 'Dataset of the source.';
comment on column ops.correction_record_due.classification is 'Classification of the dataset.';
comment on column ops.correction_record_due.kept_days is 'Days it is kept.';
