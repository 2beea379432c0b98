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
      now, of all completed vaccinations. One dated after the death of its person is not verified;
      one given in life stays as it was.
    formula_vi: Số mũi tiêm hoàn thành của người đã xác thực (kể cả sau chuẩn hóa, theo hiểu biết
      hiện tại) trên tổng số mũi tiêm hoàn thành. Mũi tiêm ghi sau ngày chết của người đó không được
      tính là đã xác thực; mũi tiêm khi còn sống giữ nguyên kết quả.
---*/
-- Purpose:    how many vaccinations are of persons the registry knows as written.
-- Grain:      one row per completed vaccination.
-- Parameters: as_of, the day.
-- Reads:      core.health__immunization, core.identity_verdict.
select
    'health.vaccinations_verified' as kpi_code,
    vaccination.commune_code,
    vaccination.updated_at::date as written_on,
    coalesce(
        core.verdict_on(identity.verdict_in_life, identity.deceased_from, :as_of)
        in ('verified', 'verified_after_normalisation'), false
    ) as is_counted
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
