/*---
sources: [health]
position: 51
group: 2
counts: rows
independent_by: record
kpis:
  - code: health.id_card_visits_month
    version: 4
    period: month
    name_en: Visits with the ID card in the month
    name_vi: Lượt khám dùng thẻ căn cước trong tháng
    unit: visit
    grain: commune
    additivity: additive
    has_denominator: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Number of visits at which the ID card was used and insurance was checked, from the
      first of the month to the day. The denominator is all visits in that period. Visits dated
      after the person's death are excluded from numerator and denominator.
    formula_vi: Số lượt khám dùng thẻ căn cước và có tra cứu BHYT, tính từ đầu tháng đến ngày báo
      cáo; mẫu số là tổng số lượt khám trong thời gian đó. Lượt khám ghi ngày sau ngày người bệnh
      chết không được tính ở cả tử số và mẫu số.
  - code: health.vaccinations_with_personal_id
    version: 4
    period: since_start
    name_en: Vaccinations with a well-formed personal ID
    name_vi: Tỷ lệ mũi tiêm có số định danh cá nhân đúng cấu trúc
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Share of completed vaccinations that have a 12-digit personal ID of a known
      province. Vaccinations dated after the person's death are excluded from numerator and
      denominator.
    formula_vi: Số mũi tiêm hoàn thành có số định danh 12 chữ số với mã tỉnh hợp lệ trên tổng số mũi
      tiêm hoàn thành. Không tính mũi tiêm ghi ngày sau ngày người được tiêm chết, cả ở tử số và mẫu
      số.
---*/
-- Purpose:    documents used at health visits of the month, and personal IDs on vaccinations.
-- Grain:      one row per visit, which counts from its day to the end of the month, and per
--             completed vaccination, which counts from its day on; both in life.
-- Parameters: none.
-- Reads:      core.health__encounter, core.health__immunization, core.identity_verdict.
-- Verdicts are as known now: the dead leave once the police report them; no build waits for that.
select
    'health.id_card_visits_month' as kpi_code,
    visit.commune_code,
    visit.updated_at::date as written_on,
    visit.started_at::date as counts_from,
    (date_trunc('month', visit.started_at) + interval '1 month')::date as counts_to,
    visit.document_used = 'cccd' and visit.is_insurance_checked as is_counted,
    'health.encounter' as dataset_code,
    visit.encounter_id as record_key
from core.health__encounter as visit
left join core.identity_verdict as identity
    on
        visit.encounter_id = identity.record_key
        and identity.dataset_code = 'health.encounter'
where
    visit._is_current
    and not visit.is_deleted
    and identity.deceased_from is null
union all
select
    'health.vaccinations_with_personal_id' as kpi_code,
    vaccination.commune_code,
    vaccination.updated_at::date as written_on,
    vaccination.occurred_on as counts_from,
    null::date as counts_to,
    coalesce(length(vaccination.personal_id) = 12, false) as is_counted,
    'health.immunization' as dataset_code,
    vaccination.immunization_id as record_key
from core.health__immunization as vaccination
left join core.identity_verdict as identity
    on
        vaccination.immunization_id = identity.record_key
        and identity.dataset_code = 'health.immunization'
where
    vaccination._is_current
    and not vaccination.is_deleted
    and vaccination.immunization_status = 'completed'
    and identity.deceased_from is null
