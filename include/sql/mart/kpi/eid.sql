/*---
sources: [police]
position: 30
group: 3
counts: rows
independent_by: record
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
    formula_en: Number of accounts registered up to and including the day and not locked, whether
      the holder has activated them or not (the KPIs “e-ID accounts, activated” and “e-ID accounts,
      not activated” count the two groups separately). An account is counted until the police lock
      it, even after the death of its holder.
    formula_vi: Số tài khoản đăng ký lũy kế đến ngày báo cáo, trừ tài khoản bị khóa, gồm cả tài
      khoản chưa kích hoạt (xem chỉ tiêu “Tài khoản định danh điện tử đã kích hoạt” và chỉ tiêu “Tài
      khoản định danh điện tử chưa kích hoạt”). Tài khoản của người đã chết được tính đến khi cơ
      quan công an khóa.
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
    formula_en: Number of accounts of the KPI “e-ID accounts” that have not been upgraded to level 2
      by the day.
    formula_vi: Số tài khoản thuộc phạm vi chỉ tiêu “Tài khoản định danh điện tử” chưa nâng lên mức
      độ 2 tại ngày báo cáo.
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
    formula_en: Number of accounts of the KPI “e-ID accounts” that have been upgraded to level 2 by
      the day. An upgraded account moves from level 1 to level 2; it is not counted twice.
    formula_vi: Số tài khoản thuộc phạm vi chỉ tiêu “Tài khoản định danh điện tử” đã nâng lên mức độ
      2 tại ngày báo cáo; việc nâng mức độ không làm tăng tổng số tài khoản.
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
    formula_en: Number of accounts of the KPI “e-ID accounts” that their holder has activated by the
      day.
    formula_vi: Số tài khoản thuộc phạm vi chỉ tiêu “Tài khoản định danh điện tử” đã được chủ tài
      khoản kích hoạt đến ngày báo cáo.
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
    formula_en: Number of accounts of the KPI “e-ID accounts” that their holder has not activated by
      the day.
    formula_vi: Số tài khoản thuộc phạm vi chỉ tiêu “Tài khoản định danh điện tử” chưa được chủ tài
      khoản kích hoạt đến ngày báo cáo.
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
    formula_en: Number of accounts of the KPI “e-ID accounts” that were registered from the first of
      the month to the day.
    formula_vi: Số tài khoản thuộc phạm vi chỉ tiêu “Tài khoản định danh điện tử” đăng ký từ đầu
      tháng đến ngày báo cáo.
  - code: eid.accounts_before_month
    version: 3
    period: day
    name_en: e-ID accounts registered before the month
    name_vi: Tài khoản định danh điện tử có trước tháng báo cáo
    unit: account
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: NĐ 59/2022/NĐ-CP; NĐ 69/2024/NĐ-CP
    formula_en: Number of accounts of the KPI “e-ID accounts” that were registered before the first
      of the month.
    formula_vi: Số tài khoản thuộc phạm vi chỉ tiêu “Tài khoản định danh điện tử” đăng ký trước ngày
      đầu tháng báo cáo.
---*/
-- Purpose:    electronic identity accounts, in all, by level, activated, and new in the month.
-- Grain:      one row per account and KPI it counts in, from registration to locking at most; an
--             upgrade, an activation and the end of the month move it from one KPI to another.
-- Parameters: none.
-- Reads:      core.police__eid_account.
with account as materialized (
    select
        account_id,
        commune_code,
        updated_at::date as written_on,
        registered_at::date as registered_on,
        locked_at::date as locked_on,
        level2_at::date as level_2_on,
        activated_at::date as activated_on,
        (date_trunc('month', registered_at) + interval '1 month')::date as next_month_on
    from core.police__eid_account
    where _is_current and not is_deleted
)

select
    kpi.kpi_code,
    account.commune_code,
    account.written_on,
    kpi.counts_from,
    kpi.counts_to,
    true as is_counted,
    'police.eid_account' as dataset_code,
    account.account_id as record_key
from account
cross join
    lateral (
        values
        ('eid.accounts', account.registered_on, account.locked_on),
        (
            'eid.accounts_level_1',
            account.registered_on,
            least(account.locked_on, account.level_2_on)
        ),
        (
            'eid.accounts_level_2',
            case
                when account.level_2_on is not null
                    then greatest(account.registered_on, account.level_2_on)
            end,
            account.locked_on
        ),
        (
            'eid.accounts_activated',
            case
                when account.activated_on is not null
                    then greatest(account.registered_on, account.activated_on)
            end,
            account.locked_on
        ),
        (
            'eid.accounts_not_activated',
            account.registered_on,
            least(account.locked_on, account.activated_on)
        ),
        (
            'eid.accounts_new_month',
            account.registered_on,
            least(account.locked_on, account.next_month_on)
        ),
        ('eid.accounts_before_month', account.next_month_on, account.locked_on)
    ) as kpi (kpi_code, counts_from, counts_to)
