-- Purpose:    what the published values say of services: the index of QĐ 766/QĐ-TTg, the league of
--             the programme's owners, the throughput of campaigns.
-- Grain:      mart.dim_service_metric: one metric of the index; the views: see their comments.
-- Parameters: none.
-- Reads:      mart.kpi_latest, mart.dim_campaign.

create table mart.dim_service_metric (
    metric_id text primary key,
    position integer not null,
    group_no integer not null,
    group_en text not null,
    group_vi text not null,
    name_en text not null,
    name_vi text not null,
    max_points numeric not null check (max_points >= 0),
    full_at numeric check (full_at > 0 and full_at <= 1),
    kpi_code text,
    na_reason_en text,
    na_reason_vi text,
    limit_en text,
    limit_vi text,
    ratio_vi text not null,
    rule_notes text,
    constraint measured_or_a_reason check (
        (kpi_code is not null)
        = (na_reason_en is null and na_reason_vi is null and full_at is not null)
    )
);
comment on table mart.dim_service_metric is
'Metrics of QĐ 766/QĐ-TTg, from public re-implementations. | Chỉ số phục vụ người dân.';
comment on column mart.dim_service_metric.metric_id is 'Number of the metric: 2.1 …';
comment on column mart.dim_service_metric.position is 'Order in which metrics are shown.';
comment on column mart.dim_service_metric.group_no is 'One of the six groups.';
comment on column mart.dim_service_metric.group_en is 'Name of the group in English.';
comment on column mart.dim_service_metric.group_vi is 'Name of the group in Vietnamese.';
comment on column mart.dim_service_metric.name_en is 'Name in English.';
comment on column mart.dim_service_metric.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_service_metric.max_points is 'Most points; all metrics make 100.';
comment on column mart.dim_service_metric.full_at is 'Ratio from which on it gives all points.';
comment on column mart.dim_service_metric.kpi_code is 'KPI that answers it; null: not measured.';
comment on column mart.dim_service_metric.na_reason_en is 'Why it is not measured, in English.';
comment on column mart.dim_service_metric.na_reason_vi is 'Why it is not measured, in Vietnamese.';
comment on column mart.dim_service_metric.limit_en is 'What the KPI leaves out, in English.';
comment on column mart.dim_service_metric.limit_vi is 'What the KPI leaves out, in Vietnamese.';
comment on column mart.dim_service_metric.ratio_vi is 'The ratio in words, in Vietnamese.';
comment on column mart.dim_service_metric.rule_notes is 'Notes on its rule, as found.';

create view mart.service_index as
-- Not materialized: a question about one day reads that day only.
with measured as not materialized (
    select
        as_of_date,
        unit_level,
        unit_code,
        kpi_code,
        denominator,
        numerator::numeric / nullif(denominator, 0) as ratio
    from mart.kpi_latest
    where kpi_code like 'service.%' and breakdown = '' and boundary_version = 'as_reported'
),

reported as (
    select distinct
        as_of_date,
        unit_level,
        unit_code
    from measured
)

select
    reported.as_of_date,
    reported.unit_level,
    reported.unit_code,
    metric.metric_id,
    metric.position,
    metric.group_no,
    metric.group_en,
    metric.group_vi,
    metric.name_en,
    metric.name_vi,
    round(measured.ratio, 6) as ratio,
    -- least() passes nulls over: without a ratio there are no points, not all of them.
    case
        when measured.ratio is not null
            then round(metric.max_points * least(measured.ratio / metric.full_at, 1), 2)
    end as points,
    metric.max_points,
    case
        when measured.ratio is not null then metric.limit_en
        when metric.kpi_code is null then metric.na_reason_en
        when measured.denominator = 0 then 'Nothing to count: 0 of 0.'
        else 'No value is published.'
    end as reason_en,
    case
        when measured.ratio is not null then metric.limit_vi
        when metric.kpi_code is null then metric.na_reason_vi
        when measured.denominator = 0 then 'Không phát sinh: 0 trên 0.'
        else 'Chưa có giá trị công bố.'
    end as reason_vi
from reported
cross join mart.dim_service_metric as metric
left join measured
    on
        reported.as_of_date = measured.as_of_date
        and reported.unit_level = measured.unit_level
        and reported.unit_code = measured.unit_code
        and metric.kpi_code = measured.kpi_code;
comment on view mart.service_index is
'Each day, unit and metric of QĐ 766/QĐ-TTg: its points, or why it has none. | Bộ chỉ số 766.';
comment on column mart.service_index.as_of_date is 'Day the values speak of.';
comment on column mart.service_index.unit_level is 'province or commune.';
comment on column mart.service_index.unit_code is 'Code of the unit.';
comment on column mart.service_index.metric_id is 'Number of the metric.';
comment on column mart.service_index.position is 'Order in which metrics are shown.';
comment on column mart.service_index.group_no is 'One of the six groups.';
comment on column mart.service_index.group_en is 'Name of the group in English.';
comment on column mart.service_index.group_vi is 'Name of the group in Vietnamese.';
comment on column mart.service_index.name_en is 'Name in English.';
comment on column mart.service_index.name_vi is 'Name in Vietnamese.';
comment on column mart.service_index.ratio is 'Value of the KPI that answers it; null: N/A.';
comment on column mart.service_index.points is
'In proportion to the ratio, full from the metric''s threshold on; null: N/A, which is not 0.';
comment on column mart.service_index.max_points is 'Most points.';
comment on column mart.service_index.reason_en is
'Why it is N/A, or what the KPI leaves out, in English.';
comment on column mart.service_index.reason_vi is
'Why it is N/A, or what the KPI leaves out, in Vietnamese.';

create view mart.service_index_total as
with total as (
    select
        as_of_date,
        unit_level,
        unit_code,
        coalesce(sum(points), 0) as points,
        coalesce(sum(max_points) filter (where points is not null), 0) as measurable_points,
        sum(max_points) as all_points,
        count(points) as measured_count,
        count(*) as metric_count
    from mart.service_index
    group by as_of_date, unit_level, unit_code
)

select
    total.*,
    total.points || ' of ' || total.measurable_points || ' points that can be measured (of '
    || total.all_points || ')' as told_en,
    total.points || ' trên ' || total.measurable_points || ' điểm đo được (tổng '
    || total.all_points || ' điểm)' as told_vi
from total;
comment on view mart.service_index_total is
'Points of QĐ 766/QĐ-TTg among those that can be measured; never extrapolated. | Tổng điểm.';
comment on column mart.service_index_total.as_of_date is 'Day the values speak of.';
comment on column mart.service_index_total.unit_level is 'province or commune.';
comment on column mart.service_index_total.unit_code is 'Code of the unit.';
comment on column mart.service_index_total.points is 'Points of the metrics that are measured.';
comment on column mart.service_index_total.measurable_points is 'Most points of these metrics.';
comment on column mart.service_index_total.all_points is 'Most points of all metrics.';
comment on column mart.service_index_total.measured_count is 'Metrics that are measured.';
comment on column mart.service_index_total.metric_count is 'All metrics.';
comment on column mart.service_index_total.told_en is 'The same in words, in English.';
comment on column mart.service_index_total.told_vi is 'The same in words, in Vietnamese.';

create view mart.programme_league as
with owner as (
    select
        as_of_date,
        unit_code,
        member_code as owner_code,
        min(member_name_vi) as owner_name_vi,
        coalesce(sum(numerator) filter (where kpi_code = 'programme.tasks'), 0) as task_count,
        coalesce(sum(denominator) filter (where kpi_code = 'programme.tasks_on_time'), 0)
            as due_count,
        coalesce(sum(numerator) filter (where kpi_code = 'programme.tasks_on_time'), 0)
            as on_time_count
    from mart.kpi_latest
    where
        kpi_code in ('programme.tasks', 'programme.tasks_on_time')
        and breakdown = 'owner'
        and boundary_version = 'as_reported'
    group by as_of_date, unit_code, member_code
)

select
    owner.*,
    round(owner.on_time_count / nullif(owner.due_count, 0), 6) as on_time_share,
    case
        when owner.due_count > 0
            then
                rank() over (
                    partition by owner.as_of_date, owner.unit_code, owner.due_count > 0
                    order by owner.on_time_count / nullif(owner.due_count, 0) desc
                )
    end as league_rank
from owner;
comment on view mart.programme_league is
'Owners of the programme''s tasks by the share done on time of those due. | Bảng xếp hạng đơn vị.';
comment on column mart.programme_league.as_of_date is 'Day the values speak of.';
comment on column mart.programme_league.unit_code is 'Code of the province.';
comment on column mart.programme_league.owner_code is 'Agency that owns the tasks.';
comment on column mart.programme_league.owner_name_vi is 'Its name, or its code.';
comment on column mart.programme_league.task_count is 'Tasks it owns.';
comment on column mart.programme_league.due_count is 'Of these, the ones due by the day.';
comment on column mart.programme_league.on_time_count is 'Of these, the ones completed in time.';
comment on column mart.programme_league.on_time_share is 'On time of due; null: none is due.';
comment on column mart.programme_league.league_rank is
'1 is best; equal shares share a rank and the next ones are left out; null: none is due.';

create view mart.campaign_throughput as
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
    spent.*,
    round(spent.dossier_count::numeric / nullif(spent.station_hours, 0), 2)
        as dossiers_per_station_hour
from spent;
comment on view mart.campaign_throughput is
'Dossiers of campaigns per station and hour of opening: in all, by station, hour and shift.
| Năng suất đợt cao điểm.';
comment on column mart.campaign_throughput.as_of_date is 'Day the values speak of.';
comment on column mart.campaign_throughput.unit_code is 'Code of the province.';
comment on column mart.campaign_throughput.breakdown is 'Empty in all; else station, hour, shift.';
comment on column mart.campaign_throughput.member_code is 'The station, hour or shift.';
comment on column mart.campaign_throughput.dossier_count is 'Dossiers received by the day.';
comment on column mart.campaign_throughput.station_count is
'Stations that have received any dossier in campaigns by the day.';
comment on column mart.campaign_throughput.station_hours is
'Hours of opening by the end of the day, of one station or of all of them.';
comment on column mart.campaign_throughput.dossiers_per_station_hour is
'Dossiers by station and hour; null: nothing was open.';
