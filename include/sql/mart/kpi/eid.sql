/*---
sources: [police]
position: 30
counts: rows
kpis:
  - code: eid.accounts
    version: 2
    period: day
    name_en: e-ID accounts
    name_vi: Tài khoản định danh điện tử
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Accounts registered up to and including the day and not locked, whether their holder
      has activated them or not; eid.accounts_activated and eid.accounts_not_activated tell them
      apart. An account counts until the police lock it, also after the death of its holder.
    formula_vi: Số tài khoản đăng ký lũy kế đến ngày báo cáo, trừ tài khoản bị khóa, gồm cả tài
      khoản chưa kích hoạt (xem eid.accounts_activated và eid.accounts_not_activated). Tài khoản của
      người đã chết được tính đến khi cơ quan công an khóa.
  - code: eid.accounts_level_1
    version: 2
    period: day
    name_en: e-ID accounts, level 1
    name_vi: Tài khoản định danh điện tử mức độ 1
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Of eid.accounts, accounts not yet raised to level 2 by the day.
    formula_vi: Trong đó, tài khoản chưa nâng lên mức độ 2 tại ngày báo cáo.
  - code: eid.accounts_level_2
    version: 3
    period: day
    name_en: e-ID accounts, level 2
    name_vi: Tài khoản định danh điện tử mức độ 2
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    ceiling: eid.accounts
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Of eid.accounts, those raised to level 2 by the day; an upgrade moves an account, it
      adds none.
    formula_vi: Trong số eid.accounts, tài khoản đã nâng lên mức độ 2; nâng mức không làm tăng số
      tài khoản.
  - code: eid.accounts_activated
    version: 1
    period: day
    name_en: e-ID accounts, activated
    name_vi: Tài khoản định danh điện tử đã kích hoạt
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Of eid.accounts, those that their holder has activated by the day.
    formula_vi: Trong đó, tài khoản đã được chủ tài khoản kích hoạt đến ngày báo cáo.
  - code: eid.accounts_not_activated
    version: 1
    period: day
    name_en: e-ID accounts, not activated
    name_vi: Tài khoản định danh điện tử chưa kích hoạt
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Of eid.accounts, those that their holder has not activated by the day.
    formula_vi: Trong đó, tài khoản chưa được chủ tài khoản kích hoạt đến ngày báo cáo.
  - code: eid.accounts_new_month
    version: 3
    period: month
    name_en: e-ID accounts registered in the month
    name_vi: Tài khoản định danh điện tử đăng ký trong tháng
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Of eid.accounts, those registered from the first of the month to the day.
    formula_vi: Trong số eid.accounts, tài khoản đăng ký từ đầu tháng đến ngày báo cáo.
  - code: eid.accounts_before_month
    version: 3
    period: day
    name_en: e-ID accounts from before the month
    name_vi: Tài khoản định danh điện tử có trước tháng báo cáo
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Of eid.accounts, those registered before the first of the month.
    formula_vi: Trong đó, tài khoản đăng ký trước ngày đầu tháng báo cáo.
---*/
-- Purpose:    electronic identity accounts, in all, by level, activated, and new in the month.
-- Grain:      one row per account and KPI it counts in.
-- Parameters: as_of, the day.
-- Reads:      core.police__eid_account.
with held as (
    select
        commune_code,
        updated_at::date as written_on,
        coalesce(level2_at < cast(:as_of as date) + 1, false) as is_level_2,
        coalesce(activated_at < cast(:as_of as date) + 1, false) as is_activated,
        registered_at >= date_trunc('month', cast(:as_of as date)) as is_new
    from core.police__eid_account
    where
        _is_current
        and not is_deleted
        and registered_at < cast(:as_of as date) + 1
        and (locked_at is null or locked_at >= cast(:as_of as date) + 1)
)

select
    'eid.accounts' as kpi_code,
    commune_code,
    written_on,
    true as is_counted
from held
union all
select
    case when is_level_2 then 'eid.accounts_level_2' else 'eid.accounts_level_1' end as kpi_code,
    commune_code,
    written_on,
    true as is_counted
from held
union all
select
    case when is_activated then 'eid.accounts_activated' else 'eid.accounts_not_activated' end
        as kpi_code,
    commune_code,
    written_on,
    true as is_counted
from held
union all
select
    'eid.accounts_new_month' as kpi_code,
    commune_code,
    written_on,
    true as is_counted
from held
where is_new
union all
select
    'eid.accounts_before_month' as kpi_code,
    commune_code,
    written_on,
    true as is_counted
from held
where not is_new
