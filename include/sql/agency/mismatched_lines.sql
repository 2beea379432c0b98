-- Purpose:    the lines of a list about records that disagree with the registry: which record,
--             which of its fields, of what kind the disagreement is. Reads no register.
-- Grain:      one line per record.
-- Parameters: none.
-- Reads:      mismatch, listed_dataset, listed_field, listed_case, correction.
-- Writes:     nothing.
select
    'Sai lệch danh tính' as kind,
    listed_dataset.label_vi,
    ops.spreadsheet_text(mismatch.record_key) as record_id,
    listed_field.field,
    null as received,
    mismatch.code,
    verdict.reason_vi || coalesce(' (' || explained.detail_vi || ')', '') as reason_vi,
    verdict.fix_vi,
    null as run_key,
    null as piece_name,
    null as line_no,
    null as row_no,
    listed_case.case_id,
    to_char(listed_case.due_on, 'DD/MM/YYYY') as due_on,
    verdict.reason_en || coalesce(' (' || explained.detail_en || ')', '') as reason_en,
    verdict.fix_en
from mismatch
inner join listed_dataset on mismatch.dataset_code = listed_dataset.dataset_code
left join correction as verdict on verdict.kind = 'verdict' and mismatch.code = verdict.code
left join listed_field
    on
        mismatch.dataset_code = listed_field.dataset_code
        and mismatch.code = any(listed_field.verdicts)
left join listed_case
    on
        mismatch.dataset_code = listed_case.dataset_code
        and mismatch.record_key = listed_case.record_key
        and mismatch.verification_id = listed_case.verification_id
left join lateral (
    select
        string_agg(correction.reason_vi, ', ' order by part.position) as detail_vi,
        string_agg(correction.reason_en, ', ' order by part.position) as detail_en
    from unnest(string_to_array(mismatch.detail, ',')) with ordinality as part (code, position)
    inner join correction on correction.kind = 'detail' and part.code = correction.code
) as explained on true
order by mismatch.dataset_code, mismatch.record_key
