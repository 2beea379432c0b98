/*---
sources: [portal]
position: 71
group: 1
counts: rows
independent_by: record
kpis:
  - code: service.on_time_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers handled on time
    name_vi: Tỷ lệ hồ sơ giải quyết đúng hạn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (2.1); NĐ 61/2018/NĐ-CP
    breakdowns: [procedure]
    formula_en: Of the dossiers of the procedures of Project 06 and QĐ 422 received up to and
      including the day that have a promised completion time, the share that is on time. A finished
      dossier is on time if it was finished by the promised time, to the minute. The promised time
      is extended by the calendar days spent waiting for a supplement. A dossier with more than one
      request for supplements is late. An open dossier with at most one such request is late if its
      promised time has passed by the end of the day, unless it is waiting for a supplement. The
      waiting status and the supplements are taken from the last version of the dossier that the
      portal had written by the end of the day; if there was none yet, from its first version. The
      completion time is taken from the data available at the time of computation.
    formula_vi: Số hồ sơ kết thúc xử lý không muộn hơn thời điểm hẹn trả cộng thêm số ngày chờ bổ
      sung hồ sơ (tính cả ngày nghỉ), trên tổng số hồ sơ của các thủ tục theo Đề án 06 và QĐ 422 có
      hẹn trả, tiếp nhận đến ngày báo cáo. Hồ sơ đang xử lý được xét tại cuối ngày báo cáo. Hồ sơ
      bị yêu cầu bổ sung quá một lần được coi là quá hạn, kể cả khi đang chờ bổ sung; hồ sơ khác
      đang chờ bổ sung được coi là trong hạn.
      Trạng thái chờ bổ sung và số lần, số ngày bổ sung lấy theo phiên bản hồ sơ cuối cùng tính đến
      hết ngày báo cáo (nếu chưa có thì lấy phiên bản đầu tiên sau ngày đó); thời điểm kết thúc lấy
      theo dữ liệu hiện có tại thời điểm tính.
  - code: service.paid_online_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Fees paid online
    name_vi: Tỷ lệ hồ sơ thanh toán trực tuyến
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (3.6)
    breakdowns: [procedure]
    formula_en: Of the dossiers in the denominator of the KPI “Dossiers submitted online” that have
      a fee above zero, the share whose fee was paid through the national portal or the province's
      portal.
    formula_vi: Số hồ sơ thanh toán qua Cổng Dịch vụ công quốc gia hoặc cổng của tỉnh trên tổng số
      hồ sơ thuộc phạm vi chỉ tiêu “Tỷ lệ hồ sơ trực tuyến” có phí, lệ phí lớn hơn 0.
  - code: service.electronic_result_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Electronic results
    name_vi: Tỷ lệ hồ sơ có kết quả giải quyết điện tử
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.1)
    breakdowns: [procedure]
    formula_en: Of the dossiers in the denominator of the KPI “Dossiers submitted online” that were
      finished with a result by the day, the share whose result is a file; refused and withdrawn
      ones have no result.
    formula_vi: Số hồ sơ có giấy tờ kết quả điện tử trên tổng số hồ sơ thuộc phạm vi chỉ tiêu “Tỷ lệ
      hồ sơ trực tuyến” đã có kết quả đến ngày báo cáo, không tính hồ sơ bị từ chối hoặc đã rút.
  - code: service.reused_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers that reuse data
    name_vi: Tỷ lệ hồ sơ có thành phần được tái sử dụng
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.3)
    breakdowns: [procedure]
    formula_en: Share of the dossiers in the denominator of the KPI “Dossiers submitted online” that
      have a reused component (DuocTaiSuDung 1 or 2).
    formula_vi: Số hồ sơ có thành phần được tái sử dụng trên tổng số hồ sơ thuộc phạm vi chỉ tiêu
      “Tỷ lệ hồ sơ trực tuyến”.
  - code: service.from_store_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers with documents taken from the national data store
    name_vi: Tỷ lệ hồ sơ khai thác kho dữ liệu điện tử
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.4)
    breakdowns: [procedure]
    formula_en: Share of the dossiers in the denominator of the KPI “Dossiers submitted online” that
      have a component taken from the national data store.
    formula_vi: Số hồ sơ có thành phần lấy từ kho dữ liệu điện tử trên tổng số hồ sơ thuộc phạm vi
      chỉ tiêu “Tỷ lệ hồ sơ trực tuyến”.
  - code: service.identity_checked_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers checked against population data
    name_vi: Tỷ lệ hồ sơ được kết nối, xác thực với CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.5)
    breakdowns: [procedure]
    formula_en: Share of the dossiers in the denominator of the KPI “Dossiers submitted online”
      whose applicant's account was verified with VNeID, or whose applicant was looked up in the
      population database.
    formula_vi: Số hồ sơ có tài khoản được xác thực với VNeID hoặc khai thác CSDL quốc gia về dân cư
      trên tổng số hồ sơ thuộc phạm vi chỉ tiêu “Tỷ lệ hồ sơ trực tuyến”.
  - code: service.vneid_verified_share
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers whose account was verified with VNeID
    name_vi: Tỷ lệ hồ sơ có tài khoản được xác thực với VNeID
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.5)
    breakdowns: [procedure]
    formula_en: Share of the dossiers in the denominator of the KPI “Dossiers submitted online”
      whose applicant's account was verified with VNeID.
    formula_vi: Số hồ sơ có tài khoản được xác thực với VNeID trên tổng số hồ sơ thuộc phạm vi chỉ
      tiêu “Tỷ lệ hồ sơ trực tuyến”.
  - code: service.population_checked_share
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers looked up in the population database
    name_vi: Tỷ lệ hồ sơ khai thác CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.5)
    breakdowns: [procedure]
    formula_en: Share of the dossiers in the denominator of the KPI “Dossiers submitted online”
      whose applicant was looked up in the population database.
    formula_vi: Số hồ sơ khai thác CSDL quốc gia về dân cư trên tổng số hồ sơ thuộc phạm vi chỉ tiêu
      “Tỷ lệ hồ sơ trực tuyến”.
  - code: service.satisfied_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Satisfied applicants
    name_vi: Tỷ lệ hài lòng của người nộp hồ sơ
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (5.4)
    breakdowns: [procedure]
    formula_en: Of the dossiers in the denominator of the KPI “Dossiers submitted online” that were
      returned by the day and rated, the share rated as satisfied. The rating is taken from the last
      version of the dossier that the portal had written by the end of the day.
    formula_vi: Số hồ sơ được đánh giá hài lòng trên tổng số hồ sơ thuộc phạm vi chỉ tiêu “Tỷ lệ hồ
      sơ trực tuyến” đã trả kết quả và có đánh giá, theo đánh giá ở phiên bản hồ sơ cuối cùng tính
      đến hết ngày báo cáo.
  - code: service.faultless_share
    version: 3
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers that are neither late nor rated dissatisfied
    name_vi: Tỷ lệ hồ sơ đúng hạn và không có đánh giá không hài lòng
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (5.4)
    breakdowns: [procedure]
    formula_en: Share of the dossiers in the denominator of the KPI “Dossiers handled on time”
      (those with a promised completion time) that are on time and were not rated as dissatisfied by
      the day. Dossiers without a promised time are not counted, since it is not known whether they
      are late.
    formula_vi: Số hồ sơ đúng hạn và không có đánh giá “không hài lòng” trên tổng số hồ sơ có hẹn
      trả (thuộc phạm vi chỉ tiêu “Tỷ lệ hồ sơ giải quyết đúng hạn”); không tính hồ sơ không có ngày
      hẹn trả vì không xác định được đúng hạn hay quá hạn.
---*/
-- Purpose:    how well the essential public services are handled: QĐ 766/QĐ-TTg as far as a
--             dossier's fields go.
-- Grain:      one row per dossier and KPI it is considered in, from receipt on; by what the portal
--             says over time, one row per version, split where the dossier becomes late or is
--             returned with a bad rating.
-- Parameters: none.
-- Reads:      core.portal__dossier, mart.procedure_code, mart.dim_procedure.
with dossier as (
    select
        received.dossier_code,
        received.commune_code,
        received.updated_at::date as written_on,
        received.received_at::date as received_on,
        received.finished_at::date as finished_on,
        received.returned_at::date as returned_on,
        received.due_at,
        received.finished_at,
        received.dossier_status,
        received.fee_total,
        received.online_payment,
        received.has_electronic_result,
        received.reused_component_count,
        received.from_store_component_count,
        received.is_vneid_verified,
        received.database_consulted,
        known.procedure_id
    from core.portal__dossier as received
    -- Codes change hands over time: the one that held on the day of receipt tells the procedure.
    inner join mart.procedure_code as named
        on
            received.procedure_code = named.code
            and named.valid_from <= received.received_at::date
            and (named.valid_to is null or named.valid_to > received.received_at::date)
    inner join mart.dim_procedure as known
        on
            named.procedure_id = known.procedure_id
            and known.procedure_set in ('DA06_25', 'QD422')
    where
        received._is_current
        and not received.is_deleted
),

-- A version holds from the day it was written to the day of the next one; the first one also
-- before.
version as (
    select
        dossier_code,
        dossier_status,
        coalesce(supplement_count, 0) as supplement_count,
        make_interval(days => coalesce(supplement_days, 0)) as supplement_time,
        rating,
        case
            when lag(updated_at) over by_version is not null then updated_at::date
            else '-infinity'
        end as counts_from,
        lead(updated_at::date) over by_version as counts_to
    from core.portal__dossier
    window by_version as (partition by dossier_code order by updated_at)
),

state as (
    select
        dossier.dossier_code,
        dossier.commune_code,
        dossier.written_on,
        dossier.received_on,
        dossier.procedure_id,
        dossier.returned_on,
        dossier.due_at is not null as is_promised,
        version.rating,
        greatest(dossier.received_on, version.counts_from) as counts_from,
        version.counts_to,
        -- In time at the end of a day: finished in time, or the promise is not before midnight.
        case
            when version.supplement_count > 1 then '-infinity'
            when
                version.dossier_status = '3'
                or dossier.finished_at <= dossier.due_at + version.supplement_time
                then 'infinity'
            else (dossier.due_at + version.supplement_time)::date
        end as late_from,
        case when version.rating = '3' then dossier.returned_on end as complained_from
    from dossier
    inner join version on dossier.dossier_code = version.dossier_code
)

select
    kpi.kpi_code,
    dossier.commune_code,
    dossier.written_on,
    dossier.received_on as falls_on,
    kpi.counts_from,
    null::date as counts_to,
    coalesce(kpi.is_counted, false) as is_counted,
    array['procedure:' || dossier.procedure_id] as members,
    'portal.dossier' as dataset_code,
    dossier.dossier_code as record_key
from dossier
cross join
    lateral (
        values
        (
            'service.paid_online_share',
            dossier.fee_total > 0,
            dossier.received_on,
            dossier.online_payment in ('1', '2')
        ),
        (
            'service.electronic_result_share',
            dossier.dossier_status in ('4', '5') and dossier.finished_on is not null,
            greatest(dossier.received_on, dossier.finished_on),
            dossier.has_electronic_result
        ),
        (
            'service.reused_share',
            true,
            dossier.received_on,
            dossier.reused_component_count > 0
        ),
        (
            'service.from_store_share',
            true,
            dossier.received_on,
            dossier.from_store_component_count > 0
        ),
        (
            'service.identity_checked_share',
            true,
            dossier.received_on,
            dossier.is_vneid_verified or coalesce(dossier.database_consulted = '1', false)
        ),
        (
            'service.vneid_verified_share',
            true,
            dossier.received_on,
            dossier.is_vneid_verified
        ),
        (
            'service.population_checked_share',
            true,
            dossier.received_on,
            dossier.database_consulted = '1'
        )
    ) as kpi (kpi_code, is_considered, counts_from, is_counted)
where kpi.is_considered
union all
select
    kpi.kpi_code,
    state.commune_code,
    state.written_on,
    state.received_on as falls_on,
    kpi.counts_from,
    nullif(kpi.counts_to, 'infinity') as counts_to,
    kpi.is_counted,
    array['procedure:' || state.procedure_id] as members,
    'portal.dossier' as dataset_code,
    state.dossier_code as record_key
from state
cross join
    lateral (
        values
        (
            'service.on_time_share',
            state.is_promised,
            state.counts_from,
            least(state.counts_to, state.late_from),
            true
        ),
        (
            'service.on_time_share',
            state.is_promised and state.late_from < 'infinity',
            greatest(state.counts_from, state.late_from),
            state.counts_to,
            false
        ),
        (
            'service.satisfied_share',
            state.rating in ('1', '2', '3') and state.returned_on is not null,
            greatest(state.counts_from, state.returned_on),
            state.counts_to,
            state.rating = '1'
        ),
        (
            'service.faultless_share',
            state.is_promised,
            state.counts_from,
            least(state.counts_to, state.late_from, state.complained_from),
            true
        ),
        (
            'service.faultless_share',
            state.is_promised and least(state.late_from, state.complained_from) < 'infinity',
            greatest(state.counts_from, least(state.late_from, state.complained_from)),
            state.counts_to,
            false
        )
    ) as kpi (kpi_code, is_considered, counts_from, counts_to, is_counted)
where kpi.is_considered
