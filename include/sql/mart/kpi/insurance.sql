/*---
sources: [insurance, police]
position: 40
counts: rows
kpis:
  - code: insurance.participants
    version: 2
    name_en: Health-insurance participants
    name_vi: Người tham gia bảo hiểm y tế
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: Luật Bảo hiểm y tế 25/2008/QH12
    formula_en: Participants whose state on the day is participating, without those whom the
      population registry knows as deceased by the day.
    formula_vi: Số người đang tham gia tại ngày báo cáo, không tính người đã chết đến ngày đó theo
      CSDL quốc gia về dân cư.
---*/
-- Purpose:    how many people take part in health insurance.
-- Grain:      one row per living participant, in the state that holds on the day.
-- Parameters: as_of, the day.
-- Reads:      core.insurance__participant, core.identity_verdict.
select
    'insurance.participants' as kpi_code,
    insured.commune_code,
    insured.updated_at::date as written_on,
    true as is_counted
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
    and (identity.deceased_from is null or identity.deceased_from > :as_of)
