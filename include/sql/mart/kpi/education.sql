/*---
sources: [education]
position: 60
counts: rows
kpis:
  - code: education.registrations_with_personal_id
    version: 1
    name_en: Exam registrations carrying a well-formed personal ID
    name_vi: Thí sinh đăng ký thi có số định danh cá nhân đúng cấu trúc
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Sở Giáo dục và Đào tạo
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Registrations for the year's graduation examination with a 12-digit personal ID
      of a known province, of all of them.
    formula_vi: Số thí sinh đăng ký thi tốt nghiệp trong năm có số định danh 12 chữ số, đầu số
      tỉnh hợp lệ, trên tổng số thí sinh.
---*/
-- Purpose:    personal IDs on registrations for the graduation examination.
-- Grain:      one row per registration of the day's year.
-- Parameters: as_of, the day.
-- Reads:      core.education__exam_registration.
select
    'education.registrations_with_personal_id' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    -- The suite lets 12 digits pass only in the well-formed pattern.
    coalesce(length(personal_id) = 12, false) as is_counted
from core.education__exam_registration
where
    _is_current
    and exam_year = extract(year from cast(:as_of as date))
    and registered_on <= :as_of
