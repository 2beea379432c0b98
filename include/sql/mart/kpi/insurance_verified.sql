/*---
sources: [insurance, police]
position: 41
counts: rows
kpis:
  - code: insurance.verified_share
    version: 2
    name_en: Participants verified against the population registry
    name_vi: Tỷ lệ người tham gia BHYT đã xác thực với CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Participants on the day whose record is verified, also after normalisation, as known
      now, of all records that say on the day that their person takes part. From the day of death on
      a record is not verified.
    formula_vi: Số người đang tham gia tại ngày báo cáo có kết quả đã xác thực (kể cả sau chuẩn hóa,
      theo hiểu biết hiện tại) trên tổng số bản ghi ghi đang tham gia. Kể từ ngày người đó chết, bản
      ghi không được tính là đã xác thực.
  - code: insurance.verdicts
    version: 2
    name_en: Participants by result of verification
    name_vi: Người tham gia BHYT theo kết quả xác thực
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [verdict]
    formula_en: Records that say on the day that their person takes part and have been compared with
      the registry, by what that came to; of verified ones, the deceased apart from the day of death
      on. Records withdrawn since have no result.
    formula_vi: Số bản ghi ghi đang tham gia tại ngày báo cáo đã được đối chiếu, chia theo kết quả;
      trong số đã xác thực, người đã chết được tách riêng kể từ ngày chết. Bản ghi bị xóa sau đó
      không có kết quả.
---*/
-- Purpose:    how many participants are who the registry says they are, and what ails the others.
-- Grain:      one row per participant and KPI, in the state that holds on the day.
-- Parameters: as_of, the day.
-- Reads:      core.insurance__participant, core.identity_verdict.
with participant as (
    select
        insured.commune_code,
        insured.updated_at::date as written_on,
        core.verdict_on(
            identity.verdict_in_life, identity.deceased_from, :as_of
        ) as verdict
    from core.insurance__participant as insured
    left join core.identity_verdict as identity
        on
            insured.bhxh_code = identity.record_key
            and identity.dataset_code = 'insurance.participant'
    where
        insured.effective_on <= :as_of
        and (insured._valid_to is null or insured._valid_to > :as_of)
        and insured.participation_status = 'dang_tham_gia'
        and not insured.is_deleted
)

select
    'insurance.verified_share' as kpi_code,
    commune_code,
    written_on,
    coalesce(verdict in ('verified', 'verified_after_normalisation'), false) as is_counted,
    null::text[] as members
from participant
union all
select
    'insurance.verdicts' as kpi_code,
    commune_code,
    written_on,
    true as is_counted,
    array['verdict:' || verdict] as members
from participant
where verdict is not null
