-- Purpose:    points of QĐ 766/QĐ-TTg among the metrics that can be measured, with and without
--             those whose formula is assumed as a whole. A unit with a hidden metric, one rounded
--             to nothing included, has no total: units would be ranked by what happens to be shown
--             of each. Nor has a unit of which a source is missing.
-- Grain:      one day, unit and period.
-- Parameters: none.
-- Reads:      mart.service_index, mart.service_assumption.
-- Writes:     mart.service_index_total.
create or replace view mart.service_index_total with (security_invoker = true) as
with part as (
    select
        *,
        sureness = 'A' as is_assumed,
        is_suppressed
        or coalesce(missing_reason in ('source_missing', 'no_records', 'divided'), false)
            as is_unknown
    from mart.service_index
),

total as (
    select
        as_of_date,
        unit_level,
        unit_code,
        period,
        case when not bool_or(is_unknown) then sum(points) end as points,
        case
            when not bool_or(is_unknown and not is_assumed)
                then sum(points) filter (where not is_assumed)
        end as sure_points,
        coalesce(sum(max_points) filter (where points is not null), 0) as measurable_points,
        coalesce(sum(max_points) filter (where points is not null and not is_assumed), 0)
            as sure_measurable_points,
        sum(max_points) as all_points,
        count(distinct metric_id) filter (where points is not null) as measured_count,
        count(distinct metric_id) as metric_count,
        count(distinct metric_id) filter (where is_suppressed) as suppressed_count,
        min(reason_en) filter (
            where missing_reason in ('source_missing', 'no_records', 'divided')
        ) as unknown_en,
        min(reason_vi) filter (
            where missing_reason in ('source_missing', 'no_records', 'divided')
        ) as unknown_vi,
        min(unit_name) as unit_name,
        min(unit_name_en) as unit_name_en,
        min(period_en) as period_en,
        min(period_vi) as period_vi
    from part
    group by as_of_date, unit_level, unit_code, period
)

select
    total.as_of_date,
    total.unit_level,
    total.unit_code,
    total.period,
    total.points,
    total.measurable_points,
    total.sure_points,
    total.sure_measurable_points,
    total.all_points,
    total.measured_count,
    total.metric_count,
    coalesce(
        total.points || ' of the ' || total.measurable_points || ' points that can be measured ('
        || total.all_points || ' in total)',
        'no total: ' || coalesce(
            'suppressed metrics: ' || nullif(total.suppressed_count, 0),
            total.unknown_en,
            'no metric has anything to count'
        )
    )
    || coalesce(
        '; without assumed formulas '
        || total.sure_points
        || ' of '
        || total.sure_measurable_points,
        ''
    ) as told_en,
    coalesce(
        replace(total.points::text, '.', ',')
        || ' trên '
        || replace(total.measurable_points::text, '.', ',')
        || ' điểm của các chỉ số đã tính được (tổng số '
        || replace(total.all_points::text, '.', ',')
        || ' điểm)',
        'chưa tính được tổng điểm: ' || coalesce(
            nullif(total.suppressed_count, 0) || ' chỉ số không hiển thị',
            total.unknown_vi,
            'không chỉ số nào có số liệu phát sinh'
        )
    )
    || coalesce(
        '; nếu không tính nhóm có công thức giả định: '
        || replace(total.sure_points::text, '.', ',')
        || ' trên '
        || replace(total.sure_measurable_points::text, '.', ','),
        ''
    ) as told_vi,
    total.suppressed_count,
    assumed.assumption_en,
    assumed.assumption_vi,
    total.unit_name,
    total.unit_name_en,
    total.period_en,
    total.period_vi
from total
-- Looked up beside each total: a second use of them would have every day and unit computed first.
left join
    lateral (
        select
            string_agg(known.text_en, E'\n' order by known.sureness, known.assumption_id)
                as assumption_en,
            string_agg(known.text_vi, E'\n' order by known.sureness, known.assumption_id)
                as assumption_vi
        from mart.service_assumption as known
        where
            total.as_of_date >= known.valid_from
            and (known.valid_to is null or total.as_of_date < known.valid_to)
    ) as assumed
    on true;

comment on view mart.service_index_total is
'Points for the metrics of QĐ 766/QĐ-TTg that can be measured; never extrapolated. | Tổng điểm.';
comment on column mart.service_index_total.as_of_date is 'Day of the values.';
comment on column mart.service_index_total.unit_level is 'province or commune.';
comment on column mart.service_index_total.unit_code is 'Code of the unit.';
comment on column mart.service_index_total.period is
'month, quarter or year: from its first day to the day.';
comment on column mart.service_index_total.points is
'Points of the metrics that are measured; null: one of them is suppressed or unknown, or none is
measured. Never add up over units or days.';
comment on column mart.service_index_total.measurable_points is
'Maximum points of these metrics. Never add up over units or days.';
comment on column mart.service_index_total.sure_points is
'Points without the metrics whose whole formula is assumed (sureness A). Never add up over units or
days.';
comment on column mart.service_index_total.sure_measurable_points is
'Maximum points of the metrics in sure_points. Never add up over units or days.';
comment on column mart.service_index_total.all_points is
'Maximum points of all metrics. Never add up over units or days.';
comment on column mart.service_index_total.measured_count is
'Metrics that are measured. Do not add: each unit is measured by the same metrics.';
comment on column mart.service_index_total.metric_count is
'All metrics. Do not add: each unit is measured by the same metrics.';
comment on column mart.service_index_total.told_en is 'The total as a sentence in English.';
comment on column mart.service_index_total.told_vi is 'The total as a sentence in Vietnamese.';
comment on column mart.service_index_total.suppressed_count is
'Metrics whose value is suppressed; if there is one, there is no total. Do not add: each unit is
measured by the same metrics.';
comment on column mart.service_index_total.assumption_en is
'Assumptions in force on the day, one per line, in English.';
comment on column mart.service_index_total.assumption_vi is
'Assumptions in force on the day, one per line, in Vietnamese.';
comment on column mart.service_index_total.unit_name is 'Name of the unit on that day.';
comment on column mart.service_index_total.unit_name_en is
'Its name with the kind of unit in English.';
comment on column mart.service_index_total.period_en is 'The period in English words.';
comment on column mart.service_index_total.period_vi is 'The period in Vietnamese words.';

grant select on mart.service_index_total to dean06_bi, dean06_bi_province;
