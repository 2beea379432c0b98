/*---
sources: [insurance, police]
position: 41
group: 4
counts: rows
independent_by: record
kpis:
  - code: insurance.verified_share
    version: 4
    period: day
    name_en: Participants verified against the population registry
    name_vi: Tỷ lệ người tham gia BHYT đã xác thực với CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    formula_en: Share of participations active on the day (participating, begun by the day, not
      ended before it) that are verified (including after normalisation, or by ID and name only),
      based on the data available at the time of computation. Records of a deceased person are
      excluded from numerator and denominator from the day of death on.
    formula_vi: Số bản ghi tham gia còn hiệu lực tại ngày báo cáo (trạng thái đang tham gia, đã bắt
      đầu, chưa kết thúc) có kết quả đã xác thực (kể cả sau chuẩn hóa hoặc chỉ theo số định danh và
      họ tên, theo dữ liệu hiện có tại thời điểm tính) trên tổng số bản ghi tham gia còn hiệu lực.
      Bản ghi của người đã chết không được tính ở cả tử số và mẫu số kể từ ngày chết.
  - code: insurance.verdicts
    version: 4
    period: day
    name_en: Participants by verification result
    name_vi: Người tham gia BHYT theo kết quả xác thực
    unit: record
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [verdict]
    formula_en: Number of participations in the denominator of the KPI “Participants verified
      against the population registry” that have been compared with the registry, by verification
      result. Records that have been withdrawn in the meantime have no result. Records of a deceased
      person are excluded from the day of death on; the KPI “Records that treat a deceased person as
      living” counts them.
    formula_vi: Số bản ghi tham gia thuộc phạm vi chỉ tiêu “Tỷ lệ người tham gia BHYT đã xác thực
      với CSDL quốc gia về dân cư” đã được đối chiếu, chia theo kết quả. Bản ghi đã bị cơ quan rút
      lại không được tính, vì không còn kết quả xác thực. Bản ghi của người đã chết không được tính
      kể từ ngày chết, được thống kê ở chỉ tiêu “Số bản ghi của người đã chết nhưng vẫn ghi là còn
      sống”.
---*/
-- Purpose:    how many participants are who the registry says they are, and what ails the others.
-- Grain:      one row per version of a participation and KPI, while the version holds, the
--             participation goes on and its person lives.
-- Parameters: none.
-- Reads:      core.insurance__participant, core.identity_verdict.
with participant as (
    select
        insured.bhxh_code,
        insured.commune_code,
        insured.updated_at::date as written_on,
        greatest(insured.effective_on, insured.participates_from) as counts_from,
        least(
            insured._valid_to, insured.participates_to + 1, identity.deceased_from
        ) as counts_to,
        identity.verdict_in_life as verdict
    from core.insurance__participant as insured
    left join core.identity_verdict as identity
        on
            insured.bhxh_code = identity.record_key
            and identity.dataset_code = 'insurance.participant'
    where
        insured.participation_status = 'dang_tham_gia'
        and not insured.is_deleted
)

select
    'insurance.verified_share' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    counts_to,
    coalesce(
        verdict in (
            'verified', 'verified_after_normalisation', 'verified_by_name'
        ),
        false
    ) as is_counted,
    null::text[] as members,
    'insurance.participant' as dataset_code,
    bhxh_code as record_key
from participant
union all
select
    'insurance.verdicts' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    counts_to,
    true as is_counted,
    array['verdict:' || verdict] as members,
    'insurance.participant' as dataset_code,
    bhxh_code as record_key
from participant
where verdict is not null
