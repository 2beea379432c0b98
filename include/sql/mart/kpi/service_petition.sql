/*---
sources: [portal]
position: 75
counts: rows
small_cells: shown
kpis:
  - code: service.petitions_in_time_share
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Petitions received
    event_vi: Tính phản ánh, kiến nghị tiếp nhận
    name_en: Petitions answered in time
    name_vi: Tỷ lệ phản ánh, kiến nghị xử lý đúng hạn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (5.2)
    formula_en: Of the petitions about offices received up to and including the day, those
      answered or refused by the deadline that the portal states; open ones are judged at the end of
      the day.
    formula_vi: Số phản ánh, kiến nghị được trả lời hoặc từ chối không muộn hơn hạn xử lý do cổng
      ghi trên tổng số tiếp nhận đến ngày báo cáo; phản ánh, kiến nghị đang xử lý xét tại cuối ngày.
  - code: service.petitions_satisfied_share
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Petitions received
    event_vi: Tính phản ánh, kiến nghị tiếp nhận
    name_en: Satisfaction with answers to petitions
    name_vi: Tỷ lệ hài lòng về xử lý phản ánh, kiến nghị
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (5.3)
    formula_en: Of these petitions, those whose answer was rated by the day, the ones rated as
      satisfied.
    formula_vi: Số phản ánh, kiến nghị được đánh giá hài lòng trên số có đánh giá đến ngày báo
      cáo.
---*/
-- Purpose:    how petitions about offices are answered: QĐ 766/QĐ-TTg, metrics 5.2 and 5.3. A
--             petition comes without its text and without the person who sent it.
-- Grain:      one row per petition and KPI it is considered in.
-- Parameters: as_of, the day.
-- Reads:      core.portal__petition.
select
    kpi.kpi_code,
    received.commune_code,
    received.updated_at::date as written_on,
    received.received_at::date as falls_on,
    kpi.is_counted
from core.portal__petition as received
cross join
    lateral (
        values
        (
            'service.petitions_in_time_share',
            true,
            least(received.answered_at, (cast(:as_of as date) + 1)::timestamptz) <= received.due_at
        ),
        (
            'service.petitions_satisfied_share',
            received.rating is not null
            and coalesce(received.rated_at < cast(:as_of as date) + 1, false),
            received.rating = '1'
        )
    ) as kpi (kpi_code, is_considered, is_counted)
where
    received._is_current
    and not received.is_deleted
    and received.received_at < cast(:as_of as date) + 1
    and kpi.is_considered
