-- Purpose:    how the latest values stand to their targets (docs/decisions/0015).
-- Grain:      one target and day that its unit was published for.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.kpi_target,
--             mart.kpi_target_progress.
-- Writes:     mart.kpi_status.
create or replace view mart.kpi_status with (security_invoker = true) as
with judged as (
    select
        reached.*,
        target.kpi_code,
        target.breakdown,
        target.member_code,
        target.unit_level,
        target.unit_code,
        target.name_en,
        target.name_vi,
        target.unit,
        target.operator,
        target.counted_from,
        target.has_daily_need,
        target.reading_en,
        target.reading_vi,
        case
            when
                not reached.is_in_force
                or not reached.is_of_same_days
                or reached.is_reached is null
                then 'not_applicable'
            when reached.is_reached and (
                target.operator <> '<=' or reached.as_of_date >= reached.ends_on
            ) then 'met'
            when reached.is_reached then 'on_track'
            when reached.as_of_date >= reached.ends_on then 'missed'
            when target.operator <> '<=' and reached.baseline_value is null then 'open'
            when reached.progress >= reached.elapsed then 'on_track'
            else 'behind'
        end as status
    from mart.kpi_target_progress as reached
    inner join mart.kpi_target as target on reached.target_id = target.target_id
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
    judged.value,
    judged.operator,
    judged.target,
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
    case when judged.is_in_force then greatest(judged.ends_on - judged.as_of_date, 0) end
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
        when not judged.is_in_force then 'the target is no longer in force'
        when not judged.is_of_same_days then 'the value and the target cover different days'
        when judged.value is null then coalesce(judged.reason_en, 'no value is published')
        when judged.target is null
            then 'the KPI that the target is based on has no published value'
        when judged.status = 'open' then 'not assessed: no baseline is published'
    end as remark_en,
    case
        when judged.as_of_date < judged.counted_from then 'chưa đến thời điểm bắt đầu tính'
        when not judged.is_in_force then 'đã hết thời gian áp dụng'
        when not judged.is_of_same_days then 'kỳ báo cáo của số liệu khác kỳ của mục tiêu'
        when judged.value is null then coalesce(judged.reason_vi, 'chưa có số liệu công bố')
        when judged.target is null
            then 'chưa công bố số liệu của chỉ tiêu dùng làm căn cứ tính mục tiêu'
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
    judged.period_vi,
    unit.unit_name,
    unit.unit_name_en,
    coalesce(member.name_en, judged.member_code) as member_name_en,
    coalesce(member.name_vi, judged.member_code) as member_name_vi
from judged
left join mart.dim_member as member
    on judged.breakdown = member.breakdown and judged.member_code = member.member_code
left join mart.dim_admin_unit as unit
    on
        judged.unit_level = unit.unit_level
        and judged.unit_code = unit.unit_code
        and judged.as_of_date >= unit.valid_from
        and (unit.valid_to is null or judged.as_of_date < unit.valid_to);

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
comment on column mart.kpi_status.value is
'Value of the KPI; null: not published or 0 of 0. Do not add: a KPI with two targets has two rows.';
comment on column mart.kpi_status.operator is 'Comparison by which the value meets the target.';
comment on column mart.kpi_status.target is
'Value that the KPI must reach, in its unit. Do not add.';
comment on column mart.kpi_status.starts_on is 'First day of the period that the day belongs to.';
comment on column mart.kpi_status.ends_on is 'Last day of that period, on which the target is due.';
comment on column mart.kpi_status.status is
'met: reached on the day; missed: due and not reached; on_track: progress is at least the elapsed
share of the period; behind: progress is less than that; open: not reached, and no baseline is
known; not_applicable: see remark.';
comment on column mart.kpi_status.status_en is 'The status in English.';
comment on column mart.kpi_status.status_vi is 'The status in Vietnamese.';
comment on column mart.kpi_status.share_reached is
'Value divided by target; null where the target is an upper bound. Do not add.';
comment on column mart.kpi_status.distance is
'How far the value is from the target, in its unit. Do not add: a KPI with two targets has two
rows.';
comment on column mart.kpi_status.missing_count is
'How many more items must be counted to reach the target, given the denominator of the day. Do not
add: a KPI with two targets has two rows.';
comment on column mart.kpi_status.days_left is
'Days until it is due; 0 from that day on. Do not add.';
comment on column mart.kpi_status.needed_per_day is
'Items per day needed to reach the target in time; null: the target is reached or due, or a number
per day makes no sense. Do not add: a KPI with two targets has two rows.';
comment on column mart.kpi_status.remark_en is
'Why the status is not applicable or open, in English.';
comment on column mart.kpi_status.remark_vi is
'Why the status is not applicable or open, in Vietnamese.';
comment on column mart.kpi_status.is_suppressed is 'True: the value is suppressed.';
comment on column mart.kpi_status.baseline_on is
'Day of the baseline: the last published day before the period; if there is none, the first
published day in it.';
comment on column mart.kpi_status.baseline_value is
'Value from which progress is measured; 0 if the KPI restarts in each period. Do not add.';
comment on column mart.kpi_status.progress is
'Change since the baseline divided by the change required to reach the target; null: no change is
required, or no baseline is known. Do not add.';
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
comment on column mart.kpi_status.unit_name is 'Name of the unit on that day.';
comment on column mart.kpi_status.unit_name_en is 'Its name with the kind of unit in English.';
comment on column mart.kpi_status.member_name_en is
'Name of the member in English, or its code.';
comment on column mart.kpi_status.member_name_vi is
'Name of the member in Vietnamese, or its code.';

grant select on mart.kpi_status to dean06_bi, dean06_bi_province;
