/*---
sources: [portal]
position: 70
group: 1
counts: rows
independent_by: record
kpis:
  - code: service.dossiers_essential
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers of the 25 essential procedures
    name_vi: Hồ sơ phát sinh của 25 dịch vụ công thiết yếu
    unit: dossier
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [essential_procedure]
    formula_en: Number of dossiers of the 25 procedures of Project 06 received up to and including
      the day, without those entered in error.
    formula_vi: Số hồ sơ của 25 dịch vụ công thiết yếu theo Đề án 06 tiếp nhận lũy kế đến ngày báo
      cáo, trừ hồ sơ hủy do nhập sai.
  - code: service.online_share
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers submitted online
    name_vi: Tỷ lệ hồ sơ trực tuyến
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022; QĐ 422/QĐ-TTg ngày 04/04/2022; QĐ 766/QĐ-TTg ngày
      23/06/2022
    breakdowns: [procedure]
    formula_en: Share of the dossiers of the procedures of Project 06 and QĐ 422 received up to and
      including the day that were submitted online (channel 2).
    formula_vi: Số hồ sơ nộp trực tuyến trên tổng số hồ sơ của các thủ tục theo Đề án 06 và QĐ 422
      tiếp nhận lũy kế đến ngày báo cáo.
  - code: service.digitised_share
    version: 2
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers with digitised components
    name_vi: Tỷ lệ hồ sơ có thành phần được số hóa
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022; QĐ 766/QĐ-TTg ngày 23/06/2022
    breakdowns: [procedure]
    formula_en: Of the dossiers in the denominator of the KPI “Dossiers submitted online”, the share
      that has a digitised component. Dossiers of procedures that wait for central guidance are not
      counted.
    formula_vi: Số hồ sơ có thành phần được số hóa trên tổng số hồ sơ thuộc phạm vi chỉ tiêu “Tỷ lệ
      hồ sơ trực tuyến”, không tính thủ tục chưa có hướng dẫn của Trung ương.
---*/
-- Purpose:    how far the essential public services are used, used online, and digitised.
-- Grain:      one row per dossier and KPI it is considered in; it counts from receipt on.
-- Parameters: none.
-- Reads:      core.portal__dossier, mart.procedure_code, mart.dim_procedure.
with dossier as (
    select
        received.dossier_code,
        received.commune_code,
        received.updated_at::date as written_on,
        received.received_at::date as falls_on,
        received.channel_code = '2' as is_online,
        coalesce(received.has_digitised_components, false) as is_digitised,
        known.procedure_id,
        known.procedure_set = 'DA06_25' as is_essential,
        known.is_digitisation_blocked
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
)

select
    'service.dossiers_essential' as kpi_code,
    commune_code,
    written_on,
    falls_on,
    falls_on as counts_from,
    null::date as counts_to,
    true as is_counted,
    array['essential_procedure:' || procedure_id] as members,
    'portal.dossier' as dataset_code,
    dossier_code as record_key
from dossier
where is_essential
union all
select
    'service.online_share' as kpi_code,
    commune_code,
    written_on,
    falls_on,
    falls_on as counts_from,
    null::date as counts_to,
    is_online as is_counted,
    array['procedure:' || procedure_id] as members,
    'portal.dossier' as dataset_code,
    dossier_code as record_key
from dossier
union all
select
    'service.digitised_share' as kpi_code,
    commune_code,
    written_on,
    falls_on,
    falls_on as counts_from,
    null::date as counts_to,
    is_digitised as is_counted,
    array['procedure:' || procedure_id] as members,
    'portal.dossier' as dataset_code,
    dossier_code as record_key
from dossier
where not is_digitisation_blocked
