/*---
sources: [police]
position: 22
counts: rows
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
    formula_en: Of the permanent residents living there on the day who have reached 14 years, those
      with a dossier received up to and including the day, anywhere in the province. Who is known by
      the year of birth alone counts from the year after the fourteenth on.
    formula_vi: Số nhân khẩu thường trú từ đủ 14 tuổi, đang cư trú tại ngày báo cáo, đã có hồ sơ
      được thu nhận đến ngày báo cáo, trên tổng số nhân khẩu đó. Người chỉ có năm sinh được tính
      từ năm sau năm đủ 14 tuổi.
---*/
-- Purpose:    whether everyone who may have an identity card has applied for one.
-- Grain:      one row per permanent resident of 14 years and more, in the state of the day.
-- Parameters: as_of, the day.
-- Reads:      core.police__resident, core.police__id_card_dossier.
with applicant as (
    select distinct personal_id
    from core.police__id_card_dossier
    where
        _is_current
        and not is_deleted
        and received_at < cast(:as_of as date) + 1
)

select
    'id_card.eligible_with_dossier' as kpi_code,
    resident.commune_code,
    resident.updated_at::date as written_on,
    applicant.personal_id is not null as is_counted
from core.police__resident as resident
left join applicant on resident.personal_id = applicant.personal_id
where
    resident.effective_on <= :as_of
    and (resident._valid_to is null or resident._valid_to > :as_of)
    and resident.residence_status = 'dang_cu_tru'
    and resident.residence_type = 'thuong_tru'
    and not resident.is_deleted
    and case
        when resident.born_on is not null
            then resident.born_on <= cast(:as_of as date) - interval '14 years'
        else resident.birth_year < extract(year from cast(:as_of as date)) - 14
    end
