-- Purpose:    points of QĐ 766/QĐ-TTg among the metrics that can be measured. A unit with a hidden
--             metric, one rounded to nothing included, has no total: units would be ranked by what
--             happens to be shown of each. Nor has a unit of which a source is missing.
-- Grain:      one day, unit and period.
-- Parameters: none.
-- Reads:      mart.service_index.
-- Writes:     mart.service_index_total.
create or replace view mart.service_index_total with (security_invoker = true) as
with total as (
    select
        as_of_date,
        unit_level,
        unit_code,
        period,
        case
            when
                count(*) filter (
                    where is_suppressed
                    or missing_reason in ('source_missing', 'no_records', 'divided')
                ) = 0
                then sum(points)
        end as points,
        coalesce(sum(max_points) filter (where points is not null), 0) as measurable_points,
        sum(max_points) as all_points,
        count(points) as measured_count,
        count(*) as metric_count,
        count(*) filter (where is_suppressed) as suppressed_count,
        min(reason_en) filter (
            where missing_reason in ('source_missing', 'no_records', 'divided')
        ) as unknown_en,
        min(reason_vi) filter (
            where missing_reason in ('source_missing', 'no_records', 'divided')
        ) as unknown_vi
    from mart.service_index
    group by as_of_date, unit_level, unit_code, period
)

select
    total.as_of_date,
    total.unit_level,
    total.unit_code,
    total.points,
    total.measurable_points,
    total.all_points,
    total.measured_count,
    total.metric_count,
    coalesce(
        total.points || ' of ' || total.measurable_points || ' points that can be measured (of '
        || total.all_points || ')',
        'no total: ' || coalesce(
            nullif(total.suppressed_count, 0) || ' metrics are hidden',
            total.unknown_en,
            'no metric has anything to count'
        )
    ) as told_en,
    coalesce(
        total.points || ' trên ' || total.measurable_points || ' điểm đo được (tổng '
        || total.all_points || ' điểm)',
        'không có tổng điểm: ' || coalesce(
            nullif(total.suppressed_count, 0) || ' chỉ số không hiển thị',
            total.unknown_vi,
            'các chỉ số đều không phát sinh'
        )
    ) as told_vi,
    total.suppressed_count,
    total.period
from total;

comment on view mart.service_index_total is
'Points of QĐ 766/QĐ-TTg among those that can be measured; never extrapolated. | Tổng điểm.';
comment on column mart.service_index_total.as_of_date is 'Day the values speak of.';
comment on column mart.service_index_total.unit_level is 'province or commune.';
comment on column mart.service_index_total.unit_code is 'Code of the unit.';
comment on column mart.service_index_total.points is
'Points of the metrics that are measured; null: one of them is hidden or not known, or none is
measured.';
comment on column mart.service_index_total.measurable_points is 'Most points of these metrics.';
comment on column mart.service_index_total.all_points is 'Most points of all metrics.';
comment on column mart.service_index_total.measured_count is 'Metrics that are measured.';
comment on column mart.service_index_total.metric_count is 'All metrics.';
comment on column mart.service_index_total.told_en is 'The same in words, in English.';
comment on column mart.service_index_total.told_vi is 'The same in words, in Vietnamese.';
comment on column mart.service_index_total.suppressed_count is
'Metrics whose value is hidden; more than none: no total.';
comment on column mart.service_index_total.period is
'month, quarter or year: from its first day to as_of_date. Choose one.';

grant select on mart.service_index_total to dean06_bi, dean06_bi_province;
