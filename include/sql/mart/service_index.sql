-- Purpose:    the index of QĐ 766/QĐ-TTg of the month, the quarter and the year to the day: the
--             points of each metric, or why it has none.
-- Grain:      one day, unit, period and metric.
-- Parameters: none.
-- Reads:      mart.dim_service_metric, mart.kpi_latest.
-- Writes:     mart.service_index.
create or replace view mart.service_index with (security_invoker = true) as
-- Not materialized: a question about one day reads that day only.
with measured as not materialized (
    select
        as_of_date,
        unit_level,
        unit_code,
        period,
        period_starts_on,
        base_code as kpi_code,
        missing_reason,
        reason_en,
        reason_vi,
        numerator::numeric / nullif(denominator, 0) as ratio
    from mart.kpi_latest
    where
        kpi_code like 'service.%'
        and period in ('month', 'quarter', 'year')
        and breakdown = ''
        and boundary_version = 'as_reported'
),

reported as (
    select distinct
        as_of_date,
        unit_level,
        unit_code,
        period
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
        else coalesce(measured.reason_en, 'not available: no value was published')
    end as reason_en,
    case
        when measured.ratio is not null then metric.limit_vi
        when metric.kpi_code is null then metric.na_reason_vi
        else coalesce(measured.reason_vi, 'chưa có số liệu: chưa công bố giá trị')
    end as reason_vi,
    -- Rounded to 0 of 0, a commune has points or none by chance.
    coalesce(measured.missing_reason in ('hidden', 'rounded_to_nothing'), false) as is_suppressed,
    measured.missing_reason,
    reported.period,
    measured.period_starts_on
from reported
cross join mart.dim_service_metric as metric
left join measured
    on
        reported.as_of_date = measured.as_of_date
        and reported.unit_level = measured.unit_level
        and reported.unit_code = measured.unit_code
        and reported.period = measured.period
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
comment on column mart.service_index.is_suppressed is
'True: the value of its KPI is hidden, so it has no points here.';
comment on column mart.service_index.missing_reason is
'Why its KPI has no value; null: it has one, or no KPI measures the metric.';
comment on column mart.service_index.period is
'month, quarter or year: from its first day to as_of_date. Choose one.';
comment on column mart.service_index.period_starts_on is
'First day that the value covers; null: N/A.';

grant select on mart.service_index to dean06_bi, dean06_bi_province;
