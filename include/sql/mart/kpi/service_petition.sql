/*---
sources: [portal]
position: 75
group: 1
counts: rows
independent_by: record
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
    formula_en: Of the petitions about offices that were received up to and including the day, the
      share that was answered or refused by the deadline stated by the portal. An open petition
      counts as answered in time until its deadline has passed, as of the end of the day.
    formula_vi: Số phản ánh, kiến nghị được trả lời hoặc từ chối không muộn hơn hạn xử lý mà cổng
      đã ghi, trên tổng số phản ánh, kiến nghị tiếp nhận đến ngày báo cáo; trường hợp đang xử lý
      được xét tại cuối ngày báo cáo.
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
    formula_en: Of the petitions in the denominator of the KPI “Petitions answered in time” whose
      answer was rated by the day, the share rated as satisfied.
    formula_vi: Số phản ánh, kiến nghị được đánh giá hài lòng trên tổng số phản ánh, kiến nghị có
      đánh giá đến ngày báo cáo.
---*/
-- Purpose:    how petitions about offices are answered: QĐ 766/QĐ-TTg, metrics 5.2 and 5.3. A
--             petition comes without its text and without the person who sent it.
-- Grain:      one row per petition and KPI, from receipt or rating on; one that is not answered in
--             time is counted until its deadline, and only considered from then on.
-- Parameters: none.
-- Reads:      core.portal__petition.
with petition as (
    select
        petition_code,
        commune_code,
        updated_at::date as written_on,
        received_at::date as received_on,
        -- In time at the end of a day: answered in time, or the deadline is not before midnight.
        case
            when answered_at <= due_at then 'infinity'
            else coalesce(due_at::date, '-infinity')
        end as late_from,
        case when rating is not null then rated_at::date end as rated_on,
        rating
    from core.portal__petition
    where
        _is_current
        and not is_deleted
)

select
    kpi.kpi_code,
    petition.commune_code,
    petition.written_on,
    petition.received_on as falls_on,
    kpi.counts_from,
    kpi.counts_to,
    kpi.is_counted,
    'portal.petition' as dataset_code,
    petition.petition_code as record_key
from petition
cross join
    lateral (
        values
        (
            'service.petitions_in_time_share',
            true,
            petition.received_on,
            nullif(petition.late_from, 'infinity')
        ),
        (
            'service.petitions_in_time_share',
            false,
            greatest(petition.received_on, petition.late_from),
            null
        ),
        (
            'service.petitions_satisfied_share',
            petition.rating = '1',
            case
                when petition.rated_on is not null
                    then greatest(petition.received_on, petition.rated_on)
            end,
            null
        )
    ) as kpi (kpi_code, is_counted, counts_from, counts_to)
where kpi.counts_from < 'infinity'
