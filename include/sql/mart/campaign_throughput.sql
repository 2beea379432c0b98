-- Purpose:    dossiers of campaigns per station and hour of opening.
-- Grain:      one day, province and member (all, station, hour or shift).
-- Parameters: none.
-- Reads:      mart.dim_campaign, mart.kpi_latest.
-- Writes:     mart.campaign_throughput.
create or replace view mart.campaign_throughput with (security_invoker = true) as
with open_hour as (
    select
        campaign.province_code,
        held.on_day::date as held_on,
        lpad(clock.hour::text, 2, '0') as hour_member,
        (
            (clock.hour - campaign.opens_hour) * campaign.shifts
            / (campaign.closes_hour - campaign.opens_hour) + 1
        )::text as shift_member
    from mart.dim_campaign as campaign
    cross join
        lateral generate_series(
            campaign.first_day::timestamp, campaign.last_day::timestamp, interval '1 day'
        ) as held (on_day)
    cross join
        lateral generate_series(campaign.opens_hour, campaign.closes_hour - 1) as clock (hour)
),

counted as (
    select
        as_of_date,
        unit_code,
        breakdown,
        member_code,
        unit_name,
        unit_name_en,
        member_name_en,
        member_name_vi,
        numerator as dossier_count,
        count(*) filter (where breakdown = 'station')
            over (partition by as_of_date, unit_code) as station_count
    from mart.kpi_latest
    where
        kpi_code = 'id_card.campaign_dossiers'
        and unit_level = 'province'
        and boundary_version = 'as_reported'
),

spent as (
    select
        counted.*,
        case when counted.breakdown = 'station' then 1 else counted.station_count end * (
            select count(*)
            from open_hour
            where
                counted.unit_code = open_hour.province_code
                and counted.as_of_date >= open_hour.held_on
                and case counted.breakdown
                    when 'hour' then counted.member_code = open_hour.hour_member
                    when 'shift' then counted.member_code = open_hour.shift_member
                    else true
                end
        ) as station_hours
    from counted
)

select
    spent.as_of_date,
    spent.unit_code,
    spent.breakdown,
    spent.member_code,
    spent.dossier_count,
    spent.station_count,
    spent.station_hours,
    round(spent.dossier_count::numeric / nullif(spent.station_hours, 0), 2)
        as dossiers_per_station_hour,
    spent.unit_name,
    spent.unit_name_en,
    spent.member_name_en,
    spent.member_name_vi
from spent;

comment on view mart.campaign_throughput is
'ID-card dossiers received in campaigns, per station and opening hour: in total, by station, by hour
and by shift. | Năng suất đợt cao điểm.';
comment on column mart.campaign_throughput.as_of_date is 'Day of the values.';
comment on column mart.campaign_throughput.unit_code is 'Code of the province.';
comment on column mart.campaign_throughput.breakdown is
'Empty for the total; else station, hour or shift.';
comment on column mart.campaign_throughput.member_code is 'The station, hour or shift.';
comment on column mart.campaign_throughput.dossier_count is
'Dossiers received by the day. Add only within one as_of_date and breakdown: each day counts the
days before it again.';
comment on column mart.campaign_throughput.station_count is
'Stations that have received any dossier in campaigns by the day. Add only within one as_of_date and
breakdown: each day counts the days before it again.';
comment on column mart.campaign_throughput.station_hours is
'Opening hours up to the end of the day, for one station or summed over all stations. Add only
within one as_of_date and breakdown: each day counts the days before it again.';
comment on column mart.campaign_throughput.dossiers_per_station_hour is
'Dossiers per station and opening hour; null: no station was open. Never add up or average.';
comment on column mart.campaign_throughput.unit_name is 'Name of the province.';
comment on column mart.campaign_throughput.unit_name_en is
'Its name with the kind of unit in English.';
comment on column mart.campaign_throughput.member_name_en is
'Name of the member in English, or its code.';
comment on column mart.campaign_throughput.member_name_vi is
'Name of the member in Vietnamese, or its code.';

grant select on mart.campaign_throughput to dean06_bi, dean06_bi_province;
