/*---
sources: [health, police]
position: 52
group: 4
counts: rows
independent_by: record
kpis:
  - code: health.vaccinations_verified
    version: 4
    period: since_start
    name_en: Vaccinations verified against the population registry
    name_vi: Tỷ lệ mũi tiêm đã xác thực với CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Share of completed vaccinations that are verified (including after normalisation, or
      by ID and name only), based on the data available at the time of computation. Vaccinations
      dated after the person's death are excluded from numerator and denominator.
    formula_vi: Số mũi tiêm hoàn thành của người đã xác thực (kể cả sau chuẩn hóa hoặc chỉ theo số
      định danh và họ tên, theo dữ liệu hiện có tại thời điểm tính) trên tổng số mũi tiêm hoàn
      thành. Không tính mũi tiêm ghi ngày sau ngày người được tiêm chết, cả ở tử số và mẫu số.
  - code: health.id_card_visits_unidentified
    version: 3
    period: since_start
    name_en: Visits with the ID card whose person is not verified
    name_vi: Lượt khám dùng thẻ căn cước nhưng chưa xác thực được danh tính người bệnh
    unit: visit
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Number of visits, up to and including the day, at which the ID card was used and
      whose record does not match a person in the population registry, based on the data available
      at the time of computation. They are not in the KPI “Persons who used the ID card for health
      care”.
    formula_vi: Số lượt khám dùng thẻ căn cước, lũy kế đến ngày báo cáo, mà thông tin người bệnh
      không khớp với CSDL quốc gia về dân cư (theo dữ liệu hiện có tại thời điểm tính). Các lượt
      khám này không thuộc phạm vi chỉ tiêu “Người sử dụng thẻ căn cước khi khám bệnh, chữa bệnh”.
---*/
-- Purpose:    how many vaccinations are of persons the registry knows as written, and how many
--             visits with the ID card are of nobody it knows.
-- Grain:      one row per completed vaccination that was given in life, and per such visit; each
--             counts from its day on.
-- Parameters: none.
-- Reads:      core.health__encounter, core.health__immunization, core.identity_verdict.
select
    'health.id_card_visits_unidentified' as kpi_code,
    visit.commune_code,
    visit.updated_at::date as written_on,
    visit.started_at::date as counts_from,
    null::date as counts_to,
    true as is_counted,
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
    and visit.document_used = 'cccd'
    and coalesce(
        identity.verdict_in_life not in (
            'verified', 'verified_after_normalisation', 'verified_by_name'
        ), true
    )
union all
select
    'health.vaccinations_verified' as kpi_code,
    vaccination.commune_code,
    vaccination.updated_at::date as written_on,
    vaccination.occurred_on as counts_from,
    null::date as counts_to,
    coalesce(
        identity.verdict_in_life in (
            'verified', 'verified_after_normalisation', 'verified_by_name'
        ),
        false
    )
        as is_counted,
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
