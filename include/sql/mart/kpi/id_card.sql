/*---
sources: [police]
position: 20
counts: rows
kpis:
  - code: id_card.dossiers_received
    version: 1
    name_en: ID-card dossiers received
    name_vi: Hồ sơ cấp căn cước công dân đã thu nhận
    unit: dossier
    grain: commune
    additivity: additive
    has_denominator: false
    is_cumulative: true
    daily_change: 0.05
    owner_agency: Công an tỉnh
    legal_basis: Luật Căn cước công dân 59/2014/QH13; Luật Căn cước 26/2023/QH15
    formula_en: Dossiers received up to and including the day; one person may have several.
    formula_vi: Số hồ sơ thu nhận lũy kế đến ngày báo cáo; một người có thể có nhiều hồ sơ.
  - code: id_card.dossiers_issued
    version: 1
    name_en: ID-card dossiers with a card issued
    name_vi: Hồ sơ đã được cấp căn cước công dân
    unit: dossier
    grain: commune
    additivity: additive
    has_denominator: false
    is_cumulative: true
    daily_change: 0.05
    ceiling: id_card.dossiers_received
    owner_agency: Công an tỉnh
    legal_basis: Luật Căn cước công dân 59/2014/QH13; Luật Căn cước 26/2023/QH15
    formula_en: Dossiers whose card was issued up to and including the day; one person may have
      several.
    formula_vi: Số hồ sơ đã cấp thẻ lũy kế đến ngày báo cáo; một người có thể có nhiều hồ sơ.
  - code: id_card.cards_issued
    version: 1
    name_en: ID cards issued
    name_vi: Thẻ căn cước công dân đã cấp
    unit: card
    grain: commune
    additivity: additive
    has_denominator: false
    daily_change: 0.05
    ceiling: id_card.dossiers_received
    owner_agency: Công an tỉnh
    legal_basis: Luật Căn cước công dân 59/2014/QH13; Luật Căn cước 26/2023/QH15
    formula_en: Cards issued up to and including the day and not revoked by then.
    formula_vi: Số thẻ đã cấp lũy kế đến ngày báo cáo, trừ thẻ đã thu hồi.
---*/
-- Purpose:    how far the province has come in issuing chip-based identity cards.
-- Grain:      one row per dossier received, per dossier issued and per card in force.
-- Parameters: as_of, the day.
-- Reads:      core.police__id_card_dossier, core.police__id_card.
select
    'id_card.dossiers_received' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    true as is_counted
from core.police__id_card_dossier
where
    _is_current
    and not is_deleted
    and received_at < cast(:as_of as date) + 1
union all
select
    'id_card.dossiers_issued' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    true as is_counted
from core.police__id_card_dossier
where
    _is_current
    and not is_deleted
    and dossier_status = 'da_cap'
    and issued_at < cast(:as_of as date) + 1
union all
select
    'id_card.cards_issued' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    true as is_counted
from core.police__id_card
where
    _is_current
    and not is_deleted
    and issued_on <= :as_of
    and (revoked_on is null or revoked_on > :as_of)
