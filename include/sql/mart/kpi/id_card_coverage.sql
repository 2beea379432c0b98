/*---
sources: [police]
position: 22
group: 3
counts: rows
independent_by: personal_id
kpis:
  - code: id_card.eligible_with_dossier
    version: 1
    period: day
    name_en: Eligible residents with an ID-card dossier
    name_vi: Tỷ lệ người đủ điều kiện đã được thu nhận hồ sơ cấp căn cước công dân
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: Luật Căn cước công dân 59/2014/QH13 (Điều 19)
    formula_en: Share of permanent residents aged 14 or over, living in the unit on the day, who
      have a dossier received up to and including the day anywhere in the province. Persons with
      only a year of birth are counted from 1 January of the year in which they turn 15.
    formula_vi: Số nhân khẩu thường trú từ đủ 14 tuổi, đang cư trú tại ngày báo cáo, đã được thu
      nhận hồ sơ đến ngày báo cáo, trên tổng số nhân khẩu thường trú từ đủ 14 tuổi đang cư trú.
      Người chỉ có năm sinh được tính từ ngày 01/01 của năm liền sau năm đủ 14 tuổi.
---*/
-- Purpose:    whether everyone who may have an identity card has applied for one.
-- Grain:      one row per version of a permanent resident, from the fourteenth birthday on; it is
--             counted from the first dossier on, and before it only considered.
-- Parameters: none.
-- Reads:      core.police__resident, core.police__id_card_dossier.
with applicant as (
    select
        personal_id,
        min(received_at)::date as applied_on
    from core.police__id_card_dossier
    where
        _is_current
        and not is_deleted
    group by personal_id
),

eligible as materialized (
    select
        resident.personal_id,
        resident.commune_code,
        resident.updated_at::date as written_on,
        greatest(
            resident.effective_on,
            case
                when resident.born_on is null then make_date(resident.birth_year + 15, 1, 1)
                -- Who was born on 29 February turns 14 on 1 March, for no such year is a leap year.
                when
                    resident.born_on + interval '14 years' - interval '14 years'
                    < resident.born_on
                    then (resident.born_on + interval '14 years')::date + 1
                else (resident.born_on + interval '14 years')::date
            end
        ) as counts_from,
        resident._valid_to as counts_to,
        applicant.applied_on
    from core.police__resident as resident
    left join applicant on resident.personal_id = applicant.personal_id
    where
        resident.residence_status = 'dang_cu_tru'
        and resident.residence_type = 'thuong_tru'
        and not resident.is_deleted
        and (resident.born_on is not null or resident.birth_year is not null)
)

select
    'id_card.eligible_with_dossier' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    least(counts_to, applied_on) as counts_to,
    false as is_counted,
    'police.resident' as dataset_code,
    personal_id as record_key
from eligible
union all
select
    'id_card.eligible_with_dossier' as kpi_code,
    commune_code,
    written_on,
    greatest(counts_from, applied_on) as counts_from,
    counts_to,
    true as is_counted,
    'police.resident' as dataset_code,
    personal_id as record_key
from eligible
where applied_on is not null
