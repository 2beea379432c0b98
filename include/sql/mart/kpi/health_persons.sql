/*---
sources: [health, police]
position: 50
group: 2
counts: persons
independent_by: person
kpis:
  - code: health.id_card_persons
    version: 4
    period: since_start
    name_en: Persons who used the ID card for health care
    name_vi: Người sử dụng thẻ căn cước khi khám bệnh, chữa bệnh
    unit: person
    grain: commune
    additivity: non_additive
    has_denominator: false
    is_cumulative: true
    owner_agency: Sở Y tế
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Number of persons in the population registry, identified by verification, who used
      the ID card at one or more visits up to and including the day, based on the data available at
      the time of computation. It counts persons, not visits. A visit whose person is not verified
      cannot be assigned to a person; the KPI “Visits with the ID card whose person is not verified”
      counts these visits. Visits dated after the person's death are excluded; earlier visits of
      that person are counted.
    formula_vi: Số người trong CSDL quốc gia về dân cư có ít nhất một lượt khám dùng thẻ căn cước,
      lũy kế đến ngày báo cáo. Người bệnh được xác định theo kết quả xác thực (theo dữ liệu hiện có
      tại thời điểm tính). Tính theo số người, không tính theo số lượt. Nếu chưa xác thực được danh
      tính người bệnh, lượt khám được thống kê ở chỉ tiêu “Lượt khám dùng thẻ căn cước nhưng chưa
      xác thực được danh tính người bệnh”. Lượt khám ghi ngày sau ngày người bệnh chết không được
      tính; lượt khám trước đó của người này vẫn được tính.
---*/
-- Purpose:    how many people have used the ID card in place of the insurance card.
-- Grain:      one row per visit in life of a verified person at which the ID card was used; it
--             counts from its day on.
-- Parameters: none.
-- Reads:      core.health__encounter, core.identity_verdict.
select
    'health.id_card_persons' as kpi_code,
    visit.commune_code,
    visit.updated_at::date as written_on,
    visit.started_at::date as counts_from,
    null::date as counts_to,
    identity.claimed_id as person_id,
    true as is_counted,
    'health.encounter' as dataset_code,
    visit.encounter_id as record_key
from core.health__encounter as visit
inner join core.identity_verdict as identity
    on
        visit.encounter_id = identity.record_key
        and identity.dataset_code = 'health.encounter'
        and identity.verdict_in_life in (
            'verified', 'verified_after_normalisation', 'verified_by_name'
        )
where
    visit._is_current
    and not visit.is_deleted
    and visit.document_used = 'cccd'
    and identity.deceased_from is null
