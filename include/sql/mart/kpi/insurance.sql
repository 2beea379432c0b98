/*---
sources: [insurance]
position: 40
group: 2
counts: persons
independent_by: person
kpis:
  - code: insurance.participants
    version: 5
    period: day
    name_en: Health-insurance participants
    name_vi: Người tham gia bảo hiểm y tế
    unit: person
    grain: commune
    additivity: non_additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Bảo hiểm xã hội tỉnh
    legal_basis: Luật Bảo hiểm y tế 25/2008/QH12
    formula_en: 'Number of persons with an active participation on the day (participating, begun by
      the day, not ended before it). Records that identity verification links to a person who has
      died by the day are excluded. It counts persons: records with the same personal ID are one
      person; without a usable ID, each social-insurance code counts as one person.'
    formula_vi: 'Số người đang tham gia tại ngày báo cáo (trạng thái đang tham gia, đã bắt đầu, chưa
      kết thúc). Không tính bản ghi mà kết quả xác thực cho biết người tham gia đã chết vào ngày báo
      cáo hoặc trước đó. Tính theo số người, không tính theo mã số BHXH: các bản ghi cùng số định
      danh là một người; trường hợp không có số định danh dùng được thì mỗi mã số tính là một
      người.'
---*/
-- Purpose:    how many people take part in health insurance.
-- Grain:      one row per version of a participation, while the version holds, the participation
--             goes on and its person lives.
-- Parameters: none.
-- Reads:      core.insurance__participant, core.identity_verdict.
-- Verdicts are as known now: the dead leave once the police report them; no build waits for that.
select
    'insurance.participants' as kpi_code,
    insured.commune_code,
    insured.updated_at::date as written_on,
    greatest(insured.effective_on, insured.participates_from) as counts_from,
    least(
        insured._valid_to, insured.participates_to + 1, identity.deceased_from
    ) as counts_to,
    coalesce(identity.claimed_id, insured.bhxh_code) as person_id,
    true as is_counted,
    'insurance.participant' as dataset_code,
    insured.bhxh_code as record_key
from core.insurance__participant as insured
left join core.identity_verdict as identity
    on
        insured.bhxh_code = identity.record_key
        and identity.dataset_code = 'insurance.participant'
where
    insured.participation_status = 'dang_tham_gia'
    and not insured.is_deleted
