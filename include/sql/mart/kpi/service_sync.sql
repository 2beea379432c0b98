/*---
sources: [portal]
position: 74
group: 1
counts: rows
independent_by: dossier_code
kpis:
  - code: service.synced_share
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Dossiers synced to the national portal
    name_vi: Tỷ lệ hồ sơ đồng bộ lên Cổng Dịch vụ công quốc gia
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (1.4)
    restatement: 1000000
    formula_en: Of the dossiers of the procedures of Project 06 and QĐ 422 received up to and
      including the day, the share that is in the national portal's list. Only dossiers received in
      months that the national portal has closed are counted. Dossiers that only the national portal
      has belong to no commune and are not counted.
    formula_vi: Số hồ sơ có trong danh sách của Cổng Dịch vụ công quốc gia trên tổng số hồ sơ của
      các thủ tục theo Đề án 06 và QĐ 422 tiếp nhận đến ngày báo cáo, thuộc các tháng Cổng quốc gia
      đã chốt số liệu. Hồ sơ chỉ có trên Cổng quốc gia không thuộc xã nào nên không được tính.
---*/
-- Purpose:    how many dossiers reached the national portal: QĐ 766/QĐ-TTg, metric 1.4. Whether a
--             month is closed, and what its list holds, is as known now: the list of a month comes
--             on the third day of the next.
-- Grain:      one row per dossier received in a closed month; it counts from receipt on.
-- Parameters: none.
-- Reads:      core.portal__dossier, core.portal__national_dossier, core.portal__national_count,
--             mart.procedure_code, mart.dim_procedure.
with closed as (
    select distinct period_month
    from core.portal__national_count
    where _is_current
),

listed as (
    select distinct dossier_code
    from core.portal__national_dossier
    where _is_current and not is_deleted
)

select
    'service.synced_share' as kpi_code,
    received.commune_code,
    received.updated_at::date as written_on,
    received.received_at::date as falls_on,
    received.received_at::date as counts_from,
    null::date as counts_to,
    listed.dossier_code is not null as is_counted,
    'portal.dossier' as dataset_code,
    received.dossier_code as record_key
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
inner join closed on date_trunc('month', received.received_at)::date = closed.period_month
left join listed on received.dossier_code = listed.dossier_code
where
    received._is_current
    and not received.is_deleted
