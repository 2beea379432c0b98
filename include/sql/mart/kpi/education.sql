/*---
sources: [education]
position: 60
group: 4
counts: rows
independent_by: record
kpis:
  - code: education.registrations_with_personal_id
    version: 4
    period: year
    name_en: Exam registrations with a well-formed personal ID
    name_vi: Tỷ lệ thí sinh đăng ký dự thi có số định danh cá nhân đúng cấu trúc
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Sở Giáo dục và Đào tạo
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Share of registrations for the year's graduation examination that have a 12-digit
      personal ID of a known province. Candidates who have withdrawn and registrations dated after
      the person's death are excluded from numerator and denominator.
    formula_vi: Số thí sinh đăng ký dự thi tốt nghiệp trong năm có số định danh 12 chữ số với mã
      tỉnh hợp lệ, trên tổng số thí sinh, không tính thí sinh đã rút đăng ký. Đăng ký dự thi ghi
      ngày sau ngày thí sinh chết không được tính ở cả tử số và mẫu số.
---*/
-- Purpose:    personal IDs on registrations for the graduation examination.
-- Grain:      one row per registration that was made in life; it counts from its day to the end of
--             the examination's year.
-- Parameters: none.
-- Reads:      core.education__exam_registration, core.identity_verdict.
-- Verdicts are as known now: the dead leave once the police report them; no build waits for that.
select
    'education.registrations_with_personal_id' as kpi_code,
    registration.commune_code,
    registration.updated_at::date as written_on,
    greatest(registration.registered_on, make_date(registration.exam_year, 1, 1)) as counts_from,
    make_date(registration.exam_year + 1, 1, 1) as counts_to,
    -- The suite lets 12 digits pass only in the well-formed pattern.
    coalesce(length(registration.personal_id) = 12, false) as is_counted,
    'education.exam_registration' as dataset_code,
    concat_ws('|', registration.exam_year, registration.registration_no) as record_key
from core.education__exam_registration as registration
left join core.identity_verdict as identity
    on
        identity.record_key = concat_ws('|', registration.exam_year, registration.registration_no)
        and identity.dataset_code = 'education.exam_registration'
where
    registration._is_current
    and registration.is_withdrawn is not true
    and identity.deceased_from is null
