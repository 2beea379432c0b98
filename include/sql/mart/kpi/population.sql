/*---
sources: [police]
position: 10
group: 5
counts: rows
independent_by: record
kpis:
  - code: population.permanent_residents
    version: 1
    period: day
    name_en: Permanent residents
    name_vi: Nhân khẩu thường trú
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Công an tỉnh
    legal_basis: Luật Cư trú 68/2020/QH14
    formula_en: Number of persons registered as permanent residents of the unit and living in it on
      the day.
    formula_vi: Số nhân khẩu đăng ký thường trú, đang cư trú tại ngày báo cáo.
  - code: population.temporary_residents
    version: 1
    period: day
    name_en: Temporary residents
    name_vi: Nhân khẩu tạm trú
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Công an tỉnh
    legal_basis: Luật Cư trú 68/2020/QH14
    formula_en: Number of persons registered as temporary residents of the unit and living in it on
      the day.
    formula_vi: Số nhân khẩu đăng ký tạm trú, đang cư trú tại ngày báo cáo.
  - code: population.permanent_households
    version: 1
    period: day
    name_en: Permanent households
    name_vi: Hộ thường trú
    unit: household
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Công an tỉnh
    legal_basis: Luật Cư trú 68/2020/QH14
    formula_en: Number of households registered as permanent and active on the day.
    formula_vi: Số hộ đăng ký thường trú hiện có tại ngày báo cáo.
  - code: population.temporary_households
    version: 1
    period: day
    name_en: Temporary households
    name_vi: Hộ tạm trú
    unit: household
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Công an tỉnh
    legal_basis: Luật Cư trú 68/2020/QH14
    formula_en: Number of households registered as temporary and active on the day.
    formula_vi: Số hộ đăng ký tạm trú hiện có tại ngày báo cáo.
---*/
-- Purpose:    who and which households live where, permanently or for a time.
-- Grain:      one row per version of a resident and of a household, while it holds.
-- Parameters: none.
-- Reads:      core.police__resident, core.police__household.
select
    case residence_type
        when 'thuong_tru' then 'population.permanent_residents'
        when 'tam_tru' then 'population.temporary_residents'
    end as kpi_code,
    commune_code,
    updated_at::date as written_on,
    effective_on as counts_from,
    _valid_to as counts_to,
    true as is_counted,
    'police.resident' as dataset_code,
    personal_id as record_key
from core.police__resident
where
    residence_status = 'dang_cu_tru'
    and not is_deleted
union all
select
    case residence_type
        when 'thuong_tru' then 'population.permanent_households'
        when 'tam_tru' then 'population.temporary_households'
    end as kpi_code,
    commune_code,
    updated_at::date as written_on,
    effective_on as counts_from,
    _valid_to as counts_to,
    true as is_counted,
    'police.household' as dataset_code,
    household_id as record_key
from core.police__household
where
    household_status = 'dang_hoat_dong'
    and not is_deleted
