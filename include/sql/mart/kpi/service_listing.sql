/*---
sources: [portal]
position: 72
group: 1
counts: rows
independent_by: record
small_cells: shown
kpis:
  - code: service.announced_in_time_share
    version: 1
    period: day
    name_en: Procedures announced in time
    name_vi: Tỷ lệ thủ tục hành chính công bố đúng hạn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (1.1)
    formula_en: Of the procedures of Project 06 and QĐ 422 listed by offices on the day, the share
      for which the decision that announces the procedure was signed at least five working days
      before it took effect. A procedure counts once for each office. Decisions signed before 2022
      are not counted, since the calendar of working days begins then.
    formula_vi: Số thủ tục có quyết định công bố ký trước ngày có hiệu lực ít nhất 5 ngày làm việc
      trên tổng số thủ tục theo Đề án 06 và QĐ 422 đang niêm yết tại ngày báo cáo. Một thủ tục niêm
      yết ở nhiều cơ quan được tính một lần cho mỗi cơ quan. Không tính quyết định ký trước năm 2022
      vì lịch ngày làm việc bắt đầu từ năm 2022.
  - code: service.published_in_time_share
    version: 1
    period: day
    name_en: Procedures published in time
    name_vi: Tỷ lệ thủ tục hành chính công khai đúng hạn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (1.2)
    formula_en: Of the procedures of Project 06 and QĐ 422 listed by offices on the day, the share
      published within five working days after the decision that announces the procedure was signed.
      Until that deadline, a procedure that is not published yet counts as published in time. A
      procedure counts once for each office. Decisions signed before 2022 are not counted, since the
      calendar of working days begins then.
    formula_vi: Số thủ tục được công khai trong 5 ngày làm việc kể từ ngày ký quyết định công bố,
      trên tổng số thủ tục thuộc phạm vi chỉ tiêu “Tỷ lệ thủ tục hành chính công bố đúng hạn”; thủ
      tục chưa công khai thì được coi là trong hạn cho đến hết 5 ngày làm việc này. Không tính quyết
      định ký trước năm 2022.
  - code: service.published_in_full_share
    version: 1
    period: day
    name_en: Procedures published in full
    name_vi: Tỷ lệ thủ tục hành chính công khai đủ nội dung
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (1.3)
    formula_en: Of the listed procedures published by the day, the share with every field published.
    formula_vi: Số thủ tục công khai đủ nội dung trên tổng số thủ tục đang niêm yết và đã công khai
      đến ngày báo cáo.
  - code: service.offered_online_share
    version: 1
    period: day
    name_en: Procedures offered online
    name_vi: Tỷ lệ thủ tục hành chính cung cấp trực tuyến
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (3.1)
    formula_en: Of the listed procedures that can be offered online, the share that the office
      offers online.
    formula_vi: Số thủ tục được cung cấp trực tuyến trên tổng số thủ tục đang niêm yết và đủ điều
      kiện cung cấp trực tuyến.
  - code: service.payment_set_up_share
    version: 1
    period: day
    name_en: Procedures with fees that can be paid online
    name_vi: Tỷ lệ thủ tục có phí, lệ phí tích hợp thanh toán trực tuyến
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (3.5)
    formula_en: Of the listed procedures with a fee, the share whose fee can be paid online.
    formula_vi: Số thủ tục tích hợp thanh toán trực tuyến trên tổng số thủ tục đang niêm yết và có
      phí, lệ phí.
---*/
-- Purpose:    how offices announce, publish and offer procedures: QĐ 766/QĐ-TTg, metrics
--             1.1 to 1.3, 3.1 and 3.5. Nothing that is counted belongs to a person.
-- Grain:      one row per listing of a procedure at an office and KPI it is considered in, from
--             signature to repeal; what is not published yet is counted until it is late.
-- Parameters: none.
-- Reads:      core.portal__listed_procedure, mart.procedure_code, mart.dim_procedure,
--             ops.calendar_day.
with listing as (
    select
        listed.listing_code,
        listed.commune_code,
        listed.updated_at::date as written_on,
        listed.is_complete,
        listed.is_eligible_online,
        listed.is_offered_online,
        listed.has_fee,
        listed.has_online_payment,
        listed.signed_on,
        listed.published_on,
        listed.repealed_on,
        late.day as late_from,
        signed.working_no as signed_no,
        effective.working_no as effective_no,
        published.working_no as published_no,
        (select max(last.day) + 1 from ops.calendar_day as last) as unknown_from
    from core.portal__listed_procedure as listed
    -- Codes change hands over time: the one that held when the listing was written tells the
    -- procedure.
    inner join mart.procedure_code as named
        on
            listed.procedure_code = named.code
            and named.valid_from <= listed.updated_at::date
            and (named.valid_to is null or named.valid_to > listed.updated_at::date)
    inner join mart.dim_procedure as known
        on
            named.procedure_id = known.procedure_id
            and known.procedure_set in ('DA06_25', 'QD422')
    -- Days outside the calendar of working days are not guessed.
    left join ops.calendar_day as signed on listed.signed_on = signed.day
    left join ops.calendar_day as effective on listed.effective_on = effective.day
    left join ops.calendar_day as published on listed.published_on = published.day
    left join ops.calendar_day as late
        on late.is_working and signed.working_no + 6 = late.working_no
    where
        listed._is_current
        and not listed.is_deleted
)

select
    kpi.kpi_code,
    listing.commune_code,
    listing.written_on,
    greatest(listing.signed_on, kpi.counts_from) as counts_from,
    least(listing.repealed_on, kpi.counts_to) as counts_to,
    coalesce(kpi.is_counted, false) as is_counted,
    'portal.listed_procedure' as dataset_code,
    listing.listing_code as record_key
from listing
cross join
    lateral (
        values
        (
            'service.announced_in_time_share',
            listing.signed_no is not null and listing.effective_no is not null,
            null,
            null,
            listing.effective_no - listing.signed_no >= 5
        ),
        -- Until it is published, it is judged by the day.
        (
            'service.published_in_time_share',
            listing.signed_no is not null,
            null,
            least(listing.published_on, listing.late_from, listing.unknown_from),
            true
        ),
        (
            'service.published_in_time_share',
            listing.signed_no is not null and listing.late_from is not null,
            listing.late_from,
            least(listing.published_on, listing.unknown_from),
            false
        ),
        (
            'service.published_in_time_share',
            listing.signed_no is not null and listing.published_no is not null,
            listing.published_on,
            null,
            listing.published_no - listing.signed_no <= 5
        ),
        (
            'service.published_in_full_share',
            listing.published_on is not null,
            listing.published_on,
            null,
            listing.is_complete
        ),
        (
            'service.offered_online_share',
            listing.is_eligible_online,
            null,
            null,
            listing.is_offered_online
        ),
        (
            'service.payment_set_up_share',
            listing.has_fee,
            null,
            null,
            listing.has_online_payment
        )
    ) as kpi (kpi_code, is_considered, counts_from, counts_to, is_counted)
where kpi.is_considered
