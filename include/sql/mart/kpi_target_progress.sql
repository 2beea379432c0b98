-- Purpose:    the value of each target's KPI beside the target: how far it is, and which share of
--             the way and of the period lies behind (docs/decisions/0015). mart.kpi_status judges.
-- Grain:      one target and day that its unit was published for.
-- Parameters: none.
-- Reads:      mart.kpi_latest, mart.kpi_publication, mart.kpi_target, mart.kpi_target_day,
--             mart.kpi_value.
-- Writes:     mart.kpi_target_progress.
create or replace view mart.kpi_target_progress with (security_invoker = true) as
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

compared as (
    select
        started.as_of_date,
        started.starts_on,
        started.ends_on,
        started.baseline_on,
        started.is_in_force,
        target.target_id,
        target.operator,
        target.unit,
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
        case when target.starts_from_zero then 0 else baseline.value end as baseline_value,
        case
            when target.starts_from_zero then started.starts_on - 1
            else greatest(started.baseline_on, started.starts_on - 1)
        end as measured_from,
        case
            when target.base_kpi_code is null then target.value * target.scale
            else target.value * base.numerator
        end as amount
    from mart.kpi_target_day as started
    inner join mart.kpi_target as target on started.target_id = target.target_id
    left join reported
        on
            started.as_of_date = reported.as_of_date
            and target.kpi_code = reported.kpi_code
            and target.breakdown = reported.breakdown
            and target.member_code = reported.member_code
            and target.unit_level = reported.unit_level
            and target.unit_code = reported.unit_code
    left join reported as base
        on
            started.as_of_date = base.as_of_date
            and target.base_kpi_code = base.kpi_code
            and base.breakdown = ''
            and target.unit_level = base.unit_level
            and target.unit_code = base.unit_code
    left join lateral (
        select
            case
                when target.unit = 'share'
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
            and told.kpi_code = target.kpi_code
            and told.unit_level = target.unit_level
            and told.unit_code = target.unit_code
            and told.boundary_version = 'as_reported'
            and told.breakdown = target.breakdown
            and told.member_code = target.member_code
    ) as baseline on not target.starts_from_zero
)

select
    compared.as_of_date,
    compared.target_id,
    compared.starts_on,
    compared.ends_on,
    compared.baseline_on,
    compared.is_in_force,
    compared.is_of_same_days,
    compared.actual as value,
    compared.amount as target,
    compared.baseline_value,
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
    end as missing_count,
    compared.is_suppressed,
    compared.reason_en,
    compared.reason_vi,
    compared.value_period,
    compared.period_starts_on,
    compared.period_en,
    compared.period_vi
from compared;

comment on view mart.kpi_target_progress is
'Values beside their targets, without names; mart.kpi_status has names and the status. | Số liệu và
mục tiêu.';
comment on column mart.kpi_target_progress.as_of_date is 'Day of the value.';
comment on column mart.kpi_target_progress.target_id is 'The target.';
comment on column mart.kpi_target_progress.starts_on is 'First day of the period of the target.';
comment on column mart.kpi_target_progress.ends_on is
'Last day of that period, on which the target is due.';
comment on column mart.kpi_target_progress.baseline_on is
'Published day whose value progress is measured from; null: progress starts from zero, or no such
day is published.';
comment on column mart.kpi_target_progress.is_in_force is 'True: the target holds on the day.';
comment on column mart.kpi_target_progress.is_of_same_days is
'False: the value and the target cover different days.';
comment on column mart.kpi_target_progress.value is
'Value of the KPI; null: not published or 0 of 0. Do not add: a KPI with two targets has two rows.';
comment on column mart.kpi_target_progress.target is
'Value that the KPI must reach, in its unit; null: the base KPI has no published value.
Do not add.';
comment on column mart.kpi_target_progress.baseline_value is
'Value from which progress is measured. Do not add.';
comment on column mart.kpi_target_progress.is_reached is
'True: the value meets the target; null: one of them is missing.';
comment on column mart.kpi_target_progress.share_reached is
'Value divided by target; null where the target is an upper bound. Do not add.';
comment on column mart.kpi_target_progress.progress is
'Change since the baseline divided by the change required to reach the target. Do not add.';
comment on column mart.kpi_target_progress.elapsed is
'Share of the period that has passed. Do not add.';
comment on column mart.kpi_target_progress.distance is
'How far the value is from the target, in its unit. Do not add.';
comment on column mart.kpi_target_progress.missing_count is
'How many more items must be counted to reach the target, given the denominator of the day. Do not
add: a KPI with two targets has two rows.';
comment on column mart.kpi_target_progress.is_suppressed is 'True: the value is suppressed.';
comment on column mart.kpi_target_progress.reason_en is 'Why there is no value, in English.';
comment on column mart.kpi_target_progress.reason_vi is 'Why there is no value, in Vietnamese.';
comment on column mart.kpi_target_progress.value_period is
'Days that the value covers, as period in mart.kpi_status.';
comment on column mart.kpi_target_progress.period_starts_on is
'First day that the value covers; null: cumulative, no first day.';
comment on column mart.kpi_target_progress.period_en is
'The period of the value in English words.';
comment on column mart.kpi_target_progress.period_vi is
'The period of the value in Vietnamese words.';

grant select on mart.kpi_target_progress to dean06_bi, dean06_bi_province;
