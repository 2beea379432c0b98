-- Purpose:    how the latest values stand to their targets (docs/decisions/0015). Reads the units
--             that have targets, not all units of the day (docs/decisions/0025).
-- Grain:      one target and day that its unit was published for.
-- Parameters: none.
-- Reads:      mart.kpi_latest, mart.kpi_publication, mart.kpi_target, mart.kpi_value.
-- Writes:     mart.kpi_status.
create or replace view mart.kpi_status with (security_invoker = true) as
-- Not materialized: a question about one day reads that day only.
with reported as not materialized (
    select
        as_of_date,
        kpi_code,
        breakdown,
        member_code,
        unit_level,
        unit_code,
        numerator,
        denominator,
        is_suppressed,
        reason_en,
        reason_vi,
        period,
        period_starts_on,
        period_en,
        period_vi,
        -- Not the published value: its six decimals make 1 of almost all of two million.
        case
            when unit = 'share' then numerator::numeric / nullif(denominator, 0)
            else numerator
        end as value
    from mart.kpi_latest
    where boundary_version = 'as_reported'
),

-- The period that a day belongs to: the whole term, or a month, quarter or year within it.
asked as (
    select
        published.as_of_date,
        target.*,
        case target.period
            when 'once' then target.counted_from
            else
                greatest(
                    target.counted_from, date_trunc(target.period, published.as_of_date)::date
                )
        end as starts_on,
        case target.period
            when 'once' then target.due_on
            else
                least(
                    target.due_on,
                    (
                        date_trunc(target.period, published.as_of_date)
                        + make_interval(
                            years => (target.period = 'year')::integer,
                            months => (target.period = 'month')::integer
                            + 3 * (target.period = 'quarter')::integer
                        )
                    )::date - 1
                )
        end as ends_on
    from (
        -- One look at the primary key for each unit, not all values of the day.
        select
            latest.as_of_date,
            targeted.unit_level,
            targeted.unit_code
        from (
            select distinct
                unit_level,
                unit_code
            from mart.kpi_target
        ) as targeted
        cross join (
            select
                newest.as_of_date,
                max(newest.publication_id) as publication_id
            from mart.kpi_publication as newest
            group by newest.as_of_date
        ) as latest
        where exists (
            select from mart.kpi_value as told
            where
                latest.publication_id = told.publication_id
                and targeted.unit_level = told.unit_level
                and targeted.unit_code = told.unit_code
                and told.boundary_version = 'as_reported'
                and told.breakdown = ''
        )
    ) as published
    inner join mart.kpi_target as target
        on
            published.unit_level = target.unit_level
            and published.unit_code = target.unit_code
),

started as (
    select
        asked.*,
        -- The last day published before the period; if there is none, the first one in it.
        case
            when not asked.starts_from_zero
                then
                    coalesce(
                        (
                            select max(early.as_of_date)
                            from mart.kpi_publication as early
                            where early.as_of_date < asked.starts_on
                        ),
                        (
                            select min(early.as_of_date)
                            from mart.kpi_publication as early
                            where
                                early.as_of_date >= asked.starts_on
                                and early.as_of_date < asked.as_of_date
                        )
                    )
        end as baseline_on
    from asked
),

compared as (
    select
        started.*,
        reported.numerator,
        reported.denominator,
        reported.value as actual,
        coalesce(reported.is_suppressed, false) as is_suppressed,
        reported.reason_en,
        reported.reason_vi,
        reported.period as value_period,
        reported.period_en,
        reported.period_vi,
        reported.period_starts_on,
        -- A value that begins again in each period is compared with a target of the same days.
        coalesce(
            reported.period not in ('month', 'quarter', 'year')
            or reported.period_starts_on = started.starts_on,
            true
        ) as is_of_same_days,
        case when started.starts_from_zero then 0 else baseline.value end as baseline_value,
        case
            when started.starts_from_zero then started.starts_on - 1
            else greatest(started.baseline_on, started.starts_on - 1)
        end as measured_from,
        case
            when started.base_kpi_code is null then started.value * started.scale
            else started.value * base.numerator
        end as amount,
        started.as_of_date >= started.counted_from
        and (started.period = 'once' or started.as_of_date <= started.due_on) as holds_on_day
    from started
    left join reported
        on
            started.as_of_date = reported.as_of_date
            and started.kpi_code = reported.kpi_code
            and started.breakdown = reported.breakdown
            and started.member_code = reported.member_code
            and started.unit_level = reported.unit_level
            and started.unit_code = reported.unit_code
    left join reported as base
        on
            started.as_of_date = base.as_of_date
            and started.base_kpi_code = base.kpi_code
            and base.breakdown = ''
            and started.unit_level = base.unit_level
            and started.unit_code = base.unit_code
    left join lateral (
        select
            case
                when started.unit = 'share'
                    then told.numerator::numeric / nullif(told.denominator, 0)
                else told.numerator
            end as value
        from mart.kpi_value as told
        where
            told.publication_id = (
                select max(published.publication_id)
                from mart.kpi_publication as published
                where published.as_of_date = started.baseline_on
            )
            and told.kpi_code = started.kpi_code
            and told.unit_level = started.unit_level
            and told.unit_code = started.unit_code
            and told.boundary_version = 'as_reported'
            and told.breakdown = started.breakdown
            and told.member_code = started.member_code
    ) as baseline on not started.starts_from_zero
),

reached as (
    select
        compared.*,
        case compared.operator
            when '>=' then compared.actual >= compared.amount
            when '<=' then compared.actual <= compared.amount
            when '=' then compared.actual = compared.amount
        end as is_reached,
        case
            when compared.operator <> '<=' and compared.amount > 0
                then round(compared.actual / compared.amount, 6)
        end as share_reached,
        case
            when compared.operator <> '<=' and compared.amount > compared.baseline_value
                then
                    (compared.actual - compared.baseline_value)
                    / (compared.amount - compared.baseline_value)
        end as progress,
        (compared.as_of_date - compared.measured_from)::numeric
        / nullif(compared.ends_on - compared.measured_from, 0) as elapsed,
        case compared.operator
            when '>=' then greatest(compared.amount - compared.actual, 0)
            when '<=' then greatest(compared.actual - compared.amount, 0)
            when '=' then abs(compared.amount - compared.actual)
        end as distance,
        case
            when compared.operator <> '<='
                then
                    greatest(
                        ceil(
                            compared.amount
                            * case
                                when compared.unit = 'share' then compared.denominator
                                else 1
                            end
                        ) - compared.numerator,
                        0
                    )::bigint
        end as missing_count
    from compared
),

judged as (
    select
        reached.*,
        case
            when
                not reached.holds_on_day
                or not reached.is_of_same_days
                or reached.is_reached is null
                then 'not_applicable'
            when reached.is_reached and (
                reached.operator <> '<=' or reached.as_of_date >= reached.ends_on
            ) then 'met'
            when reached.is_reached then 'on_track'
            when reached.as_of_date >= reached.ends_on then 'missed'
            when reached.operator <> '<=' and reached.baseline_value is null then 'open'
            when reached.progress >= reached.elapsed then 'on_track'
            else 'behind'
        end as status
    from reached
)

select
    judged.as_of_date,
    judged.target_id,
    judged.kpi_code,
    judged.breakdown,
    judged.member_code,
    judged.unit_level,
    judged.unit_code,
    judged.name_en,
    judged.name_vi,
    judged.unit,
    judged.actual as value,
    judged.operator,
    judged.amount as target,
    judged.starts_on,
    judged.ends_on,
    judged.status,
    case judged.status
        when 'met' then 'met'
        when 'on_track' then 'on track'
        when 'behind' then 'behind'
        when 'missed' then 'missed'
        when 'open' then 'not assessed'
        else 'not applicable'
    end as status_en,
    case judged.status
        when 'met' then 'đạt'
        when 'on_track' then 'đúng tiến độ'
        when 'behind' then 'chậm tiến độ'
        when 'missed' then 'không đạt'
        when 'open' then 'chưa đánh giá được'
        else 'không áp dụng'
    end as status_vi,
    case when judged.status <> 'not_applicable' then judged.share_reached end as share_reached,
    case when judged.status <> 'not_applicable' then judged.distance end as distance,
    case when judged.status <> 'not_applicable' then judged.missing_count end as missing_count,
    case when judged.holds_on_day then greatest(judged.ends_on - judged.as_of_date, 0) end
        as days_left,
    case
        when
            judged.has_daily_need
            and judged.status in ('on_track', 'behind', 'open')
            and judged.ends_on > judged.as_of_date
            then
                ceil(judged.missing_count::numeric / (judged.ends_on - judged.as_of_date))::bigint
    end as needed_per_day,
    case
        when judged.as_of_date < judged.counted_from then 'the target is not in force yet'
        when not judged.holds_on_day then 'the target is no longer in force'
        when not judged.is_of_same_days then 'the value and the target cover different days'
        when judged.actual is null then coalesce(judged.reason_en, 'no value is published')
        when judged.amount is null then 'the base value of the target is not published'
        when judged.status = 'open' then 'not assessed: no baseline is published'
    end as remark_en,
    case
        when judged.as_of_date < judged.counted_from then 'chưa đến thời điểm bắt đầu tính'
        when not judged.holds_on_day then 'đã hết thời gian áp dụng'
        when not judged.is_of_same_days then 'kỳ báo cáo của số liệu khác kỳ của mục tiêu'
        when judged.actual is null then coalesce(judged.reason_vi, 'chưa có số liệu công bố')
        when judged.amount is null then 'chưa công bố số liệu gốc để tính mục tiêu'
        when judged.status = 'open' then 'chưa đánh giá được tiến độ: chưa có số liệu đầu kỳ'
    end as remark_vi,
    judged.is_suppressed,
    case when judged.status <> 'not_applicable' then judged.baseline_on end as baseline_on,
    case when judged.status <> 'not_applicable' then judged.baseline_value end as baseline_value,
    case when judged.status <> 'not_applicable' then round(judged.progress, 6) end as progress,
    judged.reading_en,
    judged.reading_vi,
    judged.value_period as period,
    judged.period_starts_on,
    judged.period_en,
    judged.period_vi
from judged;

comment on view mart.kpi_status is
'Status of each day''s latest values against targets (docs/decisions/0015). | Tình trạng.';
comment on column mart.kpi_status.as_of_date is 'Day of the value.';
comment on column mart.kpi_status.target_id is 'The target.';
comment on column mart.kpi_status.kpi_code is 'The indicator.';
comment on column mart.kpi_status.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_status.member_code is 'Empty for a total; else the member.';
comment on column mart.kpi_status.unit_level is 'province or commune.';
comment on column mart.kpi_status.unit_code is 'Code of the unit.';
comment on column mart.kpi_status.name_en is 'Name of the target in English.';
comment on column mart.kpi_status.name_vi is 'Name of the target in Vietnamese.';
comment on column mart.kpi_status.unit is 'What is counted; share: 0 to 1.';
comment on column mart.kpi_status.value is 'Value of the KPI; null: not published or 0 of 0.';
comment on column mart.kpi_status.operator is 'Comparison by which the value meets the target.';
comment on column mart.kpi_status.target is 'Value that the KPI must reach, in its unit.';
comment on column mart.kpi_status.starts_on is 'First day of the period that the day belongs to.';
comment on column mart.kpi_status.ends_on is 'Last day of that period, on which the target is due.';
comment on column mart.kpi_status.status is
'met: reached on the day; missed: due and not reached; on_track: progress is at least the elapsed
share of the period; behind: progress is less than that; open: not reached, and no baseline is
known; not_applicable: see remark.';
comment on column mart.kpi_status.status_en is 'The status in English.';
comment on column mart.kpi_status.status_vi is 'The status in Vietnamese.';
comment on column mart.kpi_status.share_reached is
'Value divided by target; null where the target is an upper bound.';
comment on column mart.kpi_status.distance is 'How far the value is from the target, in its unit.';
comment on column mart.kpi_status.missing_count is
'How many more items must be counted to reach the target, given the denominator of the day.';
comment on column mart.kpi_status.days_left is 'Days until it is due; 0 from that day on.';
comment on column mart.kpi_status.needed_per_day is
'Items per day needed to reach the target in time; null: the target is reached or due, or a number
per day makes no sense.';
comment on column mart.kpi_status.remark_en is
'Why the status is not applicable or open, in English.';
comment on column mart.kpi_status.remark_vi is
'Why the status is not applicable or open, in Vietnamese.';
comment on column mart.kpi_status.is_suppressed is 'True: the value is suppressed.';
comment on column mart.kpi_status.baseline_on is
'Day of the baseline: the last published day before the period; if there is none, the first
published day in it.';
comment on column mart.kpi_status.baseline_value is
'Value from which progress is measured; 0 if the KPI restarts in each period.';
comment on column mart.kpi_status.progress is
'Change since the baseline divided by the change required to reach the target; null: no change is
required, or no baseline is known.';
comment on column mart.kpi_status.reading_en is
'How the wording of the target is interpreted, in English; each interpretation is a separate
target.';
comment on column mart.kpi_status.reading_vi is
'How the wording of the target is interpreted, in Vietnamese.';
comment on column mart.kpi_status.period is
'Days that the value covers: day, last_30_days, month, quarter, year, since_start.';
comment on column mart.kpi_status.period_starts_on is
'First day that the value covers; the last one is as_of_date; null: cumulative, no first day.';
comment on column mart.kpi_status.period_en is 'The period of the value in English words.';
comment on column mart.kpi_status.period_vi is 'The period of the value in Vietnamese words.';

grant select on mart.kpi_status to dean06_bi, dean06_bi_province;
