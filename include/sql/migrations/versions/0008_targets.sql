-- Purpose:    targets of KPIs, and how the latest values stand to them.
-- Grain:      mart.kpi_target: one target; mart.kpi_status: one target and day that its unit was
--             published for.
-- Parameters: none.
-- Reads:      mart.kpi_latest.

create table mart.kpi_target (
    target_id text primary key,
    kpi_code text not null,
    breakdown text not null default '',
    member_code text not null default '',
    unit_level text not null check (unit_level in ('province', 'commune')),
    unit_code text not null,
    operator text not null check (operator in ('>=', '<=', '=')),
    value numeric not null check (value >= 0),
    scale numeric not null default 1 check (scale > 0),
    unit text not null,
    base_kpi_code text,
    period text not null check (period in ('once', 'month', 'year')),
    counted_from date not null,
    due_on date not null,
    has_daily_need boolean not null,
    name_en text not null,
    name_vi text not null,
    reading_en text not null,
    reading_vi text not null,
    legal_basis text not null,
    quote_vi text not null,
    constraint target_runs_forward check (counted_from <= due_on),
    constraint member_of_a_breakdown check ((breakdown = '') = (member_code = '')),
    constraint share_within_bounds check (
        (unit <> 'share' and base_kpi_code is null) or value <= 1
    )
);
comment on table mart.kpi_target is
'What a KPI is to come to, by when, and who said so. | Mục tiêu của chỉ tiêu.';
comment on column mart.kpi_target.target_id is 'Short id of the target.';
comment on column mart.kpi_target.kpi_code is 'The indicator.';
comment on column mart.kpi_target.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_target.member_code is 'Empty for a total; else the member.';
comment on column mart.kpi_target.unit_level is 'province or commune.';
comment on column mart.kpi_target.unit_code is 'Code of the unit when the target begins.';
comment on column mart.kpi_target.operator is 'How the value is to stand to the target.';
comment on column mart.kpi_target.value is
'In the unit of the KPI; with base_kpi_code a share of that KPI''s value of the same day.';
comment on column mart.kpi_target.scale is
'What value is multiplied by: 1, but for a simulation of a part of a province.';
comment on column mart.kpi_target.unit is 'Unit of the KPI.';
comment on column mart.kpi_target.base_kpi_code is 'KPI that the target is a share of, if it is.';
comment on column mart.kpi_target.period is
'once: counted from counted_from to due_on; month, year: anew in each of them.';
comment on column mart.kpi_target.counted_from is 'First day on which the target holds.';
comment on column mart.kpi_target.due_on is 'Last day on which it holds.';
comment on column mart.kpi_target.has_daily_need is
'Whether it makes sense to say how many a day are needed to reach it in time.';
comment on column mart.kpi_target.name_en is 'Name in English.';
comment on column mart.kpi_target.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_target.reading_en is 'How its words are understood, in English.';
comment on column mart.kpi_target.reading_vi is 'How its words are understood, in Vietnamese.';
comment on column mart.kpi_target.legal_basis is 'Law, decision or document that sets it.';
comment on column mart.kpi_target.quote_vi is 'Its words, in Vietnamese.';

create view mart.kpi_status as
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
        -- Not the published value: its six decimals make 1 of almost all of two million.
        case
            when unit = 'share' then numerator::numeric / nullif(denominator, 0)
            else numerator
        end as value
    from mart.kpi_latest
    where boundary_version = 'as_reported'
),

-- The period that a day belongs to: the whole term, or a month or year within it.
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
                        )
                    )::date - 1
                )
        end as ends_on
    from (
        select distinct
            reported.as_of_date,
            reported.unit_level,
            reported.unit_code
        from reported
        where reported.breakdown = ''
    ) as published
    inner join mart.kpi_target as target
        on
            published.unit_level = target.unit_level
            and published.unit_code = target.unit_code
),

compared as (
    select
        asked.*,
        reported.numerator,
        reported.denominator,
        reported.value as actual,
        case
            when asked.base_kpi_code is null then asked.value * asked.scale
            else asked.value * base.numerator
        end as amount,
        asked.as_of_date >= asked.counted_from
        and (asked.period = 'once' or asked.as_of_date <= asked.due_on) as holds_on_day,
        (asked.as_of_date - asked.starts_on + 1)::numeric
        / (asked.ends_on - asked.starts_on + 1) as elapsed
    from asked
    left join reported
        on
            asked.as_of_date = reported.as_of_date
            and asked.kpi_code = reported.kpi_code
            and asked.breakdown = reported.breakdown
            and asked.member_code = reported.member_code
            and asked.unit_level = reported.unit_level
            and asked.unit_code = reported.unit_code
    left join reported as base
        on
            asked.as_of_date = base.as_of_date
            and asked.base_kpi_code = base.kpi_code
            and base.breakdown = ''
            and asked.unit_level = base.unit_level
            and asked.unit_code = base.unit_code
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
            when not reached.holds_on_day or reached.is_reached is null then 'not_applicable'
            when reached.is_reached and (
                reached.operator <> '<=' or reached.as_of_date >= reached.ends_on
            ) then 'met'
            when reached.is_reached then 'on_track'
            when reached.as_of_date >= reached.ends_on then 'missed'
            when reached.share_reached >= reached.elapsed then 'on_track'
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
        else 'N/A'
    end as status_en,
    case judged.status
        when 'met' then 'đạt'
        when 'on_track' then 'đúng tiến độ'
        when 'behind' then 'chậm tiến độ'
        when 'missed' then 'không đạt'
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
            and judged.status in ('on_track', 'behind')
            and judged.ends_on > judged.as_of_date
            then
                ceil(judged.missing_count::numeric / (judged.ends_on - judged.as_of_date))::bigint
    end as needed_per_day,
    case
        when judged.as_of_date < judged.counted_from then 'not yet counted on this day'
        when not judged.holds_on_day then 'no longer holds on this day'
        when judged.actual is null and judged.numerator is null then 'no value is published'
        when judged.actual is null then 'nothing to count: 0 of 0'
        when judged.amount is null then 'what it is a share of is not published'
    end as remark_en,
    case
        when judged.as_of_date < judged.counted_from then 'chưa đến thời gian tính'
        when not judged.holds_on_day then 'đã hết thời gian áp dụng'
        when judged.actual is null and judged.numerator is null then 'chưa có giá trị công bố'
        when judged.actual is null then 'không phát sinh: 0 trên 0'
        when judged.amount is null then 'chưa công bố số làm gốc để tính'
    end as remark_vi
from judged;
comment on view mart.kpi_status is
'How the latest values of every day stand to their targets (docs/decisions/0015). | Tình trạng.';
comment on column mart.kpi_status.as_of_date is 'Day the value speaks of.';
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
comment on column mart.kpi_status.operator is 'How the value is to stand to the target.';
comment on column mart.kpi_status.target is 'What the value is to come to, in its unit.';
comment on column mart.kpi_status.starts_on is 'First day of the period that the day belongs to.';
comment on column mart.kpi_status.ends_on is 'Last day of it: the target is due.';
comment on column mart.kpi_status.status is
'met: reached on the day; missed: due and not reached; on_track: the share reached is at least the
share of the period that has gone by; behind: it is less; not_applicable: see remark.';
comment on column mart.kpi_status.status_en is 'The status in English.';
comment on column mart.kpi_status.status_vi is 'The status in Vietnamese.';
comment on column mart.kpi_status.share_reached is
'Value divided by target; null where the target is an upper bound.';
comment on column mart.kpi_status.distance is 'How far the value is from the target, in its unit.';
comment on column mart.kpi_status.missing_count is
'How many more have to count for the target to be reached, of as many as there are on the day.';
comment on column mart.kpi_status.days_left is 'Days until it is due; 0 from that day on.';
comment on column mart.kpi_status.needed_per_day is
'How many a day reach it in time; null when it is reached or due, or the question has no meaning.';
comment on column mart.kpi_status.remark_en is 'Why the status is not applicable, in English.';
comment on column mart.kpi_status.remark_vi is 'Why the status is not applicable, in Vietnamese.';

alter table mart.kpi_definition add column digest text;
comment on column mart.kpi_definition.digest is
'Fingerprint of front matter and query: a change needs another kpi_version.';
