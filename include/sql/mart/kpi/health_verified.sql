/*---
sources: [health, police]
position: 52
counts: rows
kpis:
  - code: health.vaccinations_verified
    version: 2
    name_en: Vaccinations verified against the population registry
    name_vi: Tỷ lệ mũi tiêm đã xác thực với CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Completed vaccinations whose person is verified, also after normalisation, as known
      now, of all completed vaccinations. Vaccinations dated after the death of their person are
      left out, above and below.
    formula_vi: Số mũi tiêm hoàn thành của người đã xác thực (kể cả sau chuẩn hóa, theo hiểu biết
      hiện tại) trên tổng số mũi tiêm hoàn thành. Mũi tiêm ghi sau ngày chết của người đó không tính
      ở cả tử số và mẫu số.
---*/
-- Purpose:    how many vaccinations are of persons the registry knows as written.
-- Grain:      one row per completed vaccination that was given in life.
-- Parameters: as_of, the day.
-- Reads:      core.health__immunization, core.identity_verdict.
select
    'health.vaccinations_verified' as kpi_code,
    vaccination.commune_code,
    vaccination.updated_at::date as written_on,
    coalesce(identity.verdict_in_life in ('verified', 'verified_after_normalisation'), false)
        as is_counted
from core.health__immunization as vaccination
left join core.identity_verdict as identity
    on
        vaccination.immunization_id = identity.record_key
        and identity.dataset_code = 'health.immunization'
where
    vaccination._is_current
    and not vaccination.is_deleted
    and vaccination.immunization_status = 'completed'
    and vaccination.occurred_on <= :as_of
    and (identity.deceased_from is null or identity.deceased_from > :as_of)
