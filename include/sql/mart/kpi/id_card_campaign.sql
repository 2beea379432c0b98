/*---
sources: [police]
position: 21
group: 3
counts: rows
independent_by: record
kpis:
  - code: id_card.campaign_dossiers
    version: 1
    period: since_start
    name_en: ID-card dossiers received in campaigns
    name_vi: Hồ sơ cấp căn cước công dân thu nhận trong đợt cao điểm
    unit: dossier
    grain: commune
    additivity: additive
    has_denominator: false
    # While a campaign runs, stations away from the office hand in much of a day's dossiers later.
    restatement: 3.0
    owner_agency: Công an tỉnh
    legal_basis: Luật Căn cước công dân 59/2014/QH13; Luật Căn cước 26/2023/QH15
    breakdowns: [station, hour, shift]
    formula_en: Number of dossiers of the province received on the days and within the opening hours
      of its campaigns, up to and including the day.
    formula_vi: Số hồ sơ của tỉnh thu nhận trong ngày và giờ làm việc của đợt cao điểm, lũy kế đến
      ngày báo cáo.
---*/
-- Purpose:    what campaigns of collecting dossiers outside office hours have brought.
-- Grain:      one row per dossier received within a campaign of its province; it counts from its
--             day on.
-- Parameters: none.
-- Reads:      core.police__id_card_dossier, mart.dim_campaign, mart.dim_admin_unit.
with received as (
    select
        dossier_id,
        commune_code,
        updated_at::date as written_on,
        station_code,
        received_at::date as received_on,
        extract(hour from received_at)::integer as received_hour
    from core.police__id_card_dossier
    where
        _is_current
        and not is_deleted
)

select
    'id_card.campaign_dossiers' as kpi_code,
    received.commune_code,
    received.written_on,
    received.received_on as counts_from,
    null::date as counts_to,
    true as is_counted,
    array[
        'station:' || coalesce(substring(received.station_code from '^D[0-9]{3}$'), 'khac'),
        'hour:' || lpad(received.received_hour::text, 2, '0'),
        'shift:' || (
            (received.received_hour - campaign.opens_hour) * campaign.shifts
            / (campaign.closes_hour - campaign.opens_hour) + 1
        )::text
    ] as members,
    'police.id_card_dossier' as dataset_code,
    received.dossier_id as record_key
from received
inner join mart.dim_admin_unit as commune
    on
        received.commune_code = commune.unit_code
        and commune.unit_level = 'commune'
        and received.received_on >= commune.valid_from
        and (commune.valid_to is null or received.received_on < commune.valid_to)
inner join mart.dim_campaign as campaign
    on
        commune.province_code = campaign.province_code
        and received.received_on between campaign.first_day and campaign.last_day
        and received.received_hour >= campaign.opens_hour
        and received.received_hour < campaign.closes_hour
