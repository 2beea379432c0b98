/*---
sources: [health]
position: 51
counts: rows
kpis:
  - code: health.id_card_visits_month
    version: 1
    name_en: Visits with the ID card in the month
    name_vi: Lượt khám dùng thẻ căn cước trong tháng
    unit: visit
    grain: commune
    additivity: additive
    has_denominator: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Visits from the first of the month to the day with the ID card used and
      insurance checked; denominator all visits in that span.
    formula_vi: Số lượt khám từ đầu tháng đến ngày báo cáo dùng thẻ căn cước và có tra cứu BHYT;
      mẫu số là mọi lượt khám.
  - code: health.vaccinations_with_personal_id
    version: 1
    name_en: Vaccinations carrying a well-formed personal ID
    name_vi: Mũi tiêm có số định danh cá nhân đúng cấu trúc
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Completed vaccinations with a 12-digit personal ID of a known province, of all
      completed vaccinations.
    formula_vi: Số mũi tiêm hoàn thành có số định danh 12 chữ số, đầu số tỉnh hợp lệ, trên tổng
      số mũi tiêm hoàn thành.
---*/
-- Purpose:    documents used at check-in this month, and personal IDs on vaccinations.
-- Grain:      one row per visit of the month and per completed vaccination.
-- Parameters: as_of, the day.
-- Reads:      core.health__encounter, core.health__immunization.
select
    'health.id_card_visits_month' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    document_used = 'cccd' and is_insurance_checked as is_counted
from core.health__encounter
where
    _is_current
    and not is_deleted
    and started_at >= date_trunc('month', cast(:as_of as date))
    and started_at < cast(:as_of as date) + 1
union all
select
    'health.vaccinations_with_personal_id' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    coalesce(length(personal_id) = 12, false) as is_counted
from core.health__immunization
where
    _is_current
    and not is_deleted
    and immunization_status = 'completed'
    and occurred_on <= :as_of
