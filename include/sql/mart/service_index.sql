-- Purpose:    the index of QĐ 766/QĐ-TTg: the points of each part of a metric by the rule in force
--             on the day, or why it has none, for the month, the quarter and the year to date.
-- Grain:      one day, unit, period, metric and part of it.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_service_metric, mart.service_rule,
--             mart.service_assumption, mart.kpi_value, mart.kpi_publication, mart.kpi_definition,
--             mart.missing_reason, mart.period_word.
-- Writes:     mart.service_index.
create or replace view mart.service_index with (security_invoker = true) as
-- Not materialized: a question about one day reads that day only.
with measured as not materialized (
    select
        -- Of the publication, not of the value: a condition on the day reaches the publications.
        latest.as_of_date,
        value.unit_level,
        value.unit_code,
        definition.base_code,
        definition.period,
        value.missing_reason,
        value.numerator,
        value.denominator
    from mart.kpi_value as value
    inner join (
        select
            newest.as_of_date,
            max(newest.publication_id) as publication_id
        from mart.kpi_publication as newest
        group by newest.as_of_date
    ) as latest on value.publication_id = latest.publication_id
    inner join mart.kpi_definition as definition
        on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
    where
        value.kpi_code like 'service.%'
        and value.breakdown = ''
        and value.boundary_version = 'as_reported'
        and definition.period in ('day', 'month', 'quarter', 'year')
),

-- States of the day are in all periods: so values are found by equality.
measured_in as not materialized (
    select
        measured.as_of_date,
        measured.unit_level,
        measured.unit_code,
        measured.base_code,
        named.period,
        measured.missing_reason,
        measured.numerator,
        measured.denominator
    from measured
    inner join (values ('month'), ('quarter'), ('year')) as named (period)
        on measured.period in ('day', named.period)
),

sure as (
    select *
    from (
        values
        ('P', 'official text or press', 'văn bản chính thức hoặc báo chí'),
        (
            'S',
            'derived by third parties from the national portal''s data, not an official text',
            'bên thứ ba suy ra từ số liệu của Cổng quốc gia, không phải văn bản pháp luật'
        ),
        ('G', 'guess by this project', 'suy luận của nhóm phát triển phần mềm'),
        ('A', 'no formula is known: assumed', 'chưa biết công thức, dùng giả định')
    ) as word (sureness, sureness_en, sureness_vi)
),

-- All values of a unit in one row, found by their place: beside each of forty rules they would be a
-- million rows for the communes of one day, and joins of values with themselves half a minute.
unit as (
    select
        as_of_date,
        unit_level,
        unit_code,
        period,
        array_agg(base_code) as codes,
        array_agg(missing_reason) as missing_reasons,
        array_agg(numerator) as numerators,
        array_agg(denominator) as denominators
    from measured_in
    group by as_of_date, unit_level, unit_code, period
),

placed as (
    select
        unit.*,
        rule.*,
        array_position(unit.codes, rule.kpi_code) as counted_at,
        array_position(unit.codes, rule.whole_code) as whole_at
    from unit
    inner join mart.service_rule as rule
        on
            unit.as_of_date >= rule.valid_from
            and (rule.valid_to is null or unit.as_of_date < rule.valid_to)
),

found as (
    select
        placed.*,
        placed.missing_reasons[placed.counted_at] as counted_reason,
        placed.numerators[placed.counted_at] as counted_numerator,
        placed.denominators[placed.counted_at] as counted_denominator,
        placed.missing_reasons[placed.whole_at] as whole_reason,
        placed.numerators[placed.whole_at] as whole_numerator,
        placed.denominators[placed.whole_at] as whole_denominator
    from placed
),

part as (
    select
        found.as_of_date,
        found.unit_level,
        found.unit_code,
        found.period,
        found.metric_id,
        found.part_no,
        found.max_points,
        found.full_at,
        found.kpi_code,
        found.when_none,
        found.sureness,
        found.assumption_id,
        found.part_en,
        found.part_vi,
        found.limit_en,
        found.limit_vi,
        found.na_reason_en,
        found.na_reason_vi,
        case
            when found.whole_code is null then found.counted_reason
            else coalesce(
                found.counted_reason,
                case
                    when found.whole_number = 'whole' or found.whole_numerator is null
                        then found.whole_reason
                end,
                case when found.whole_numerator = 0 then 'nothing_to_count' end
            )
        end as missing_reason,
        found.counted_numerator::numeric / nullif(
            case
                when found.whole_code is null then found.counted_denominator
                when found.whole_number = 'counted' then found.whole_numerator
                else found.whole_denominator
            end, 0
        ) as ratio
    from found
),

scored as (
    select
        part.*,
        -- least() passes nulls over: without a ratio there are no points, not all of them.
        case
            when part.ratio is not null
                then round(part.max_points * least(part.ratio / part.full_at, 1), 2)
            when part.missing_reason = 'nothing_to_count' and part.when_none = 'full'
                then part.max_points
            when part.missing_reason = 'nothing_to_count' and part.when_none = 'zero' then 0
        end as points
    from part
)

select
    scored.as_of_date,
    scored.unit_level,
    scored.unit_code,
    scored.period,
    mart.period_start(scored.period, date '2022-06-23', scored.as_of_date) as period_starts_on,
    scored.metric_id,
    scored.part_no,
    metric.position,
    metric.group_no,
    metric.group_en,
    metric.group_vi,
    concat_ws(': ', metric.name_en, scored.part_en) as name_en,
    concat_ws(': ', metric.name_vi, scored.part_vi) as name_vi,
    round(scored.ratio, 6) as ratio,
    scored.points,
    scored.max_points,
    case
        when scored.points is not null then scored.limit_en
        when scored.kpi_code is null then scored.na_reason_en
        else coalesce(reason.reason_en, 'not available: no value was published')
    end as reason_en,
    case
        when scored.points is not null then scored.limit_vi
        when scored.kpi_code is null then scored.na_reason_vi
        else coalesce(reason.reason_vi, 'chưa có số liệu: chưa công bố')
    end as reason_vi,
    -- Rounded to 0 of 0, a commune has points or none by chance.
    coalesce(scored.missing_reason in ('hidden', 'rounded_to_nothing'), false) as is_suppressed,
    scored.missing_reason,
    scored.sureness,
    sure.sureness_en,
    sure.sureness_vi,
    scored.assumption_id,
    assumption.text_en as assumption_en,
    assumption.text_vi as assumption_vi,
    unit.unit_name,
    unit.unit_name_en,
    word.period_en,
    word.period_vi
from scored
inner join mart.dim_service_metric as metric on scored.metric_id = metric.metric_id
inner join sure on scored.sureness = sure.sureness
left join mart.service_assumption as assumption
    on scored.assumption_id = assumption.assumption_id
left join mart.missing_reason as reason on scored.missing_reason = reason.missing_reason
left join mart.period_word as word on scored.period = word.period
left join mart.dim_admin_unit as unit
    on
        scored.unit_level = unit.unit_level
        and scored.unit_code = unit.unit_code
        and scored.as_of_date >= unit.valid_from
        and (unit.valid_to is null or scored.as_of_date < unit.valid_to);

comment on view mart.service_index is
'Points of each part of each metric of QĐ 766/QĐ-TTg by day, unit and period, or the reason why
there are none. | Bộ chỉ số 766.';
comment on column mart.service_index.as_of_date is 'Day of the values.';
comment on column mart.service_index.unit_level is 'province or commune.';
comment on column mart.service_index.unit_code is 'Code of the unit.';
comment on column mart.service_index.period is
'month, quarter or year, each from its first day to the day. A KPI that describes the state on the
day, not events, has the same value in all three.';
comment on column mart.service_index.period_starts_on is
'First day of the period; QĐ 766/QĐ-TTg is in force from 23/06/2022.';
comment on column mart.service_index.metric_id is 'Number of the metric.';
comment on column mart.service_index.part_no is 'Part of the metric; most have one.';
comment on column mart.service_index.position is 'Order in which metrics are shown.';
comment on column mart.service_index.group_no is 'One of the six groups.';
comment on column mart.service_index.group_en is 'Name of the group in English.';
comment on column mart.service_index.group_vi is 'Name of the group in Vietnamese.';
comment on column mart.service_index.name_en is 'Name in English.';
comment on column mart.service_index.name_vi is 'Name in Vietnamese.';
comment on column mart.service_index.ratio is
'Value of the KPI that measures the metric; null: N/A, or nothing to count. Never add up or average
ratios.';
comment on column mart.service_index.points is
'Points: they grow with the ratio up to the rule''s threshold, and are the maximum from there on;
null: N/A, which is not 0. Add only within one as_of_date, boundary_version and unit;
mart.service_index_total has the sum.';
comment on column mart.service_index.max_points is
'Maximum points. Add only within one as_of_date, boundary_version and unit.';
comment on column mart.service_index.reason_en is
'Why it is N/A, or what the KPI leaves out, in English.';
comment on column mart.service_index.reason_vi is
'Why it is N/A, or what the KPI leaves out, in Vietnamese.';
comment on column mart.service_index.is_suppressed is
'True: the value of its KPI is suppressed, so it has no points here.';
comment on column mart.service_index.missing_reason is
'Why its KPI has no value; null: it has one, or no KPI measures the metric.';
comment on column mart.service_index.sureness is
'Certainty of the rule: P official text or press; S re-derived by third parties; G guess; A no
formula is known.';
comment on column mart.service_index.sureness_en is 'The same in words, in English.';
comment on column mart.service_index.sureness_vi is 'The same in words, in Vietnamese.';
comment on column mart.service_index.assumption_id is 'Assumption on which the points are based.';
comment on column mart.service_index.assumption_en is 'The assumption in English.';
comment on column mart.service_index.assumption_vi is 'The assumption in Vietnamese.';
comment on column mart.service_index.unit_name is 'Name of the unit on that day.';
comment on column mart.service_index.unit_name_en is 'Its name with the kind of unit in English.';
comment on column mart.service_index.period_en is 'The period in English words.';
comment on column mart.service_index.period_vi is 'The period in Vietnamese words.';

grant select on mart.service_index to dean06_bi, dean06_bi_province;
