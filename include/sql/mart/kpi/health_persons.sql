/*---
sources: [health]
position: 50
counts: persons
kpis:
  - code: health.id_card_persons
    version: 1
    name_en: Persons who used the ID card for health care
    name_vi: Người dùng thẻ căn cước đi khám chữa bệnh
    unit: person
    grain: commune
    additivity: non_additive
    has_denominator: false
    is_cumulative: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Persons with at least one visit at which the ID card was the document used,
      since the beginning. Persons, not visits.
    formula_vi: Số người có ít nhất một lượt khám dùng thẻ căn cước, lũy kế. Đếm người, không
      đếm lượt.
---*/
-- Purpose:    how many people have used the ID card in place of the insurance card.
-- Grain:      one row per visit at which the ID card was used.
-- Parameters: as_of, the day.
-- Reads:      core.health__encounter.
select
    'health.id_card_persons' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    personal_id as person_id,
    true as is_counted
from core.health__encounter
where
    _is_current
    and not is_deleted
    and document_used = 'cccd'
    and personal_id is not null
    and started_at < cast(:as_of as date) + 1
