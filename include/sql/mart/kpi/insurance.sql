/*---
sources: [insurance]
position: 40
counts: rows
kpis:
  - code: insurance.participants
    version: 1
    name_en: Health-insurance participants
    name_vi: Người tham gia bảo hiểm y tế
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: Luật Bảo hiểm y tế 25/2008/QH12
    formula_en: Participants whose state on the day is participating.
    formula_vi: Số người đang tham gia tại ngày báo cáo.
---*/
-- Purpose:    how many people take part in health insurance.
-- Grain:      one row per participant, in the state that holds on the day.
-- Parameters: as_of, the day.
-- Reads:      core.insurance__participant.
select
    'insurance.participants' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    true as is_counted
from core.insurance__participant
where
    effective_on <= :as_of
    and (_valid_to is null or _valid_to > :as_of)
    and participation_status = 'dang_tham_gia'
    and not is_deleted
