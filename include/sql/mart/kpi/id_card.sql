/*---
sources: [police]
position: 20
group: 3
counts: rows
independent_by: dossier_id
kpis:
  - code: id_card.dossiers_received
    version: 2
    period: since_start
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
    formula_en: Number of dossiers received up to and including the day, whatever their outcome,
      including refused ones; dossiers that the police withdrew are excluded. One person may have
      several.
    formula_vi: Số hồ sơ thu nhận lũy kế đến ngày báo cáo, kể cả hồ sơ sau đó bị từ chối, trừ hồ sơ
      cơ quan công an đã rút; một người có thể có nhiều hồ sơ.
  - code: id_card.dossiers_issued
    version: 2
    period: since_start
    name_en: ID-card dossiers with a card issued
    name_vi: Hồ sơ đã được cấp thẻ căn cước công dân
    unit: dossier
    grain: commune
    additivity: additive
    has_denominator: false
    is_cumulative: true
    daily_change: 0.05
    ceiling: id_card.dossiers_received
    owner_agency: Công an tỉnh
    legal_basis: Luật Căn cước công dân 59/2014/QH13; Luật Căn cước 26/2023/QH15
    formula_en: Number of dossiers whose card was issued up to and including the day; refused ones
      are excluded. A dossier is still counted when its card expires or is revoked. One person may
      have several.
    formula_vi: Số hồ sơ đã cấp thẻ lũy kế đến ngày báo cáo, không tính hồ sơ bị từ chối; hồ sơ có
      thẻ hết hạn hoặc bị thu hồi vẫn được tính; một người có thể có nhiều hồ sơ.
  - code: id_card.cards_issued
    version: 2
    period: day
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
    formula_en: Number of cards issued up to and including the day and not revoked by then. Only
      cards on dossiers that the province has received are counted. Expired cards are counted.
    formula_vi: Số thẻ đã cấp lũy kế đến ngày báo cáo theo hồ sơ do tỉnh thu nhận, trừ thẻ đã thu
      hồi. Thẻ hết hạn vẫn được tính; thẻ cấp theo hồ sơ do tỉnh khác thu nhận không được tính.
---*/
-- Purpose:    how far the province has come in issuing chip-based identity cards.
-- Grain:      one row per dossier received and per dossier issued, which count from that day on,
--             and per card of a dossier received, which counts until it is revoked.
-- Parameters: none.
-- Reads:      core.police__id_card_dossier, core.police__id_card.
select
    'id_card.dossiers_received' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    received_at::date as counts_from,
    null::date as counts_to,
    true as is_counted,
    'police.id_card_dossier' as dataset_code,
    dossier_id as record_key
from core.police__id_card_dossier
where
    _is_current
    and not is_deleted
union all
select
    'id_card.dossiers_issued' as kpi_code,
    commune_code,
    updated_at::date as written_on,
    issued_at::date as counts_from,
    null::date as counts_to,
    true as is_counted,
    'police.id_card_dossier' as dataset_code,
    dossier_id as record_key
from core.police__id_card_dossier
where
    _is_current
    and not is_deleted
    and dossier_status = 'da_cap'
    and issued_at is not null
union all
select
    'id_card.cards_issued' as kpi_code,
    card.commune_code,
    card.updated_at::date as written_on,
    greatest(card.issued_on, dossier.received_at::date) as counts_from,
    card.revoked_on as counts_to,
    true as is_counted,
    'police.id_card' as dataset_code,
    card.card_no as record_key
from core.police__id_card as card
inner join core.police__id_card_dossier as dossier
    on
        card.dossier_id = dossier.dossier_id
        and dossier._is_current
        and not dossier.is_deleted
where
    card._is_current
    and not card.is_deleted
