-- Purpose:    what readers of values see of hidden ones; views read mart with the rights of who
--             asks, so that what is not theirs to read is not shown by a view either.
-- Grain:      as the views were before.
-- Parameters: none.
-- Reads:      mart.kpi_value, ops.kpi_withheld.
create or replace view mart.kpi_latest with (security_invoker = true) as
select
    value.as_of_date,
    value.kpi_code,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    value.unit_level,
    value.unit_code,
    unit.unit_name,
    value.boundary_version,
    value.breakdown,
    value.member_code,
    coalesce(member.name_vi, value.member_code) as member_name_vi,
    value.numerator,
    value.denominator,
    value.value,
    value.publication_id,
    publication.published_at,
    definition.position,
    member.position as member_position,
    value.is_suppressed,
    value.province_code
from mart.kpi_value as value
inner join (
    select
        newest.as_of_date,
        max(newest.publication_id) as publication_id
    from mart.kpi_publication as newest
    group by newest.as_of_date
) as latest on value.publication_id = latest.publication_id
inner join mart.kpi_publication as publication
    on value.publication_id = publication.publication_id
inner join mart.kpi_definition as definition
    on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        value.unit_level = unit.unit_level
        and value.unit_code = unit.unit_code
        and case value.boundary_version
            when 'current' then unit.valid_to is null
            else
                value.as_of_date >= unit.valid_from
                and (unit.valid_to is null or value.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code;
comment on column mart.kpi_latest.is_suppressed is
'True: hidden, because it tells of fewer persons than may be shown, or would tell such a value.';
comment on column mart.kpi_latest.province_code is 'Province that the unit lies in.';
comment on column mart.kpi_latest.numerator is 'What was counted; null: hidden.';
comment on column mart.kpi_latest.value is 'Numerator, or share; null: not applicable, or hidden.';

create view ops.kpi_latest_exact as
select
    value.as_of_date,
    value.kpi_code,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    value.unit_level,
    value.unit_code,
    unit.unit_name,
    value.boundary_version,
    value.breakdown,
    value.member_code,
    coalesce(member.name_vi, value.member_code) as member_name_vi,
    value.numerator,
    value.denominator,
    value.value,
    value.publication_id,
    publication.published_at,
    definition.position,
    member.position as member_position,
    value.is_suppressed
from ops.kpi_exact as value
inner join (
    select
        newest.as_of_date,
        max(newest.publication_id) as publication_id
    from mart.kpi_publication as newest
    group by newest.as_of_date
) as latest on value.publication_id = latest.publication_id
inner join mart.kpi_publication as publication
    on value.publication_id = publication.publication_id
inner join mart.kpi_definition as definition
    on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        value.unit_level = unit.unit_level
        and value.unit_code = unit.unit_code
        and case value.boundary_version
            when 'current' then unit.valid_to is null
            else
                value.as_of_date >= unit.valid_from
                and (unit.valid_to is null or value.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code;
comment on view ops.kpi_latest_exact is
'As mart.kpi_latest, with the hidden values: for the pipeline itself. | Giá trị đầy đủ mới nhất.';
comment on column ops.kpi_latest_exact.as_of_date is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.kpi_code is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.name_en is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.name_vi is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.unit is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.unit_level is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.unit_code is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.unit_name is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.boundary_version is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.breakdown is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.member_code is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.member_name_vi is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.numerator is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.denominator is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.value is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.publication_id is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.published_at is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.position is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.member_position is 'As in mart.kpi_latest.';
comment on column ops.kpi_latest_exact.is_suppressed is 'As in mart.kpi_latest.';

create or replace view mart.kpi_history with (security_invoker = true) as
select
    value.as_of_date,
    value.kpi_code,
    value.kpi_version,
    value.unit_level,
    value.unit_code,
    value.boundary_version,
    value.breakdown,
    value.member_code,
    value.numerator,
    value.denominator,
    value.value,
    published.publication_id,
    published.published_at,
    published.superseded_at,
    value.is_suppressed
from mart.kpi_value as value
inner join (
    select
        publication.publication_id,
        publication.published_at,
        lead(publication.published_at) over (
            partition by publication.as_of_date order by publication.publication_id
        ) as superseded_at
    from mart.kpi_publication as publication
) as published on value.publication_id = published.publication_id;
comment on column mart.kpi_history.is_suppressed is 'True: hidden (docs/decisions/0021).';
comment on column mart.kpi_history.numerator is 'What was counted; null: hidden.';

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
        coalesce(reported.is_suppressed, false) as is_suppressed,
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
        when judged.is_suppressed then 'few persons: the value is not shown'
        when judged.actual is null and judged.numerator is null then 'no value is published'
        when judged.actual is null then 'nothing to count: 0 of 0'
        when judged.amount is null then 'what it is a share of is not published'
    end as remark_en,
    case
        when judged.as_of_date < judged.counted_from then 'chưa đến thời gian tính'
        when not judged.holds_on_day then 'đã hết thời gian áp dụng'
        when judged.is_suppressed then 'số người quá ít: không hiển thị giá trị'
        when judged.actual is null and judged.numerator is null then 'chưa có giá trị công bố'
        when judged.actual is null then 'không phát sinh: 0 trên 0'
        when judged.amount is null then 'chưa công bố số làm gốc để tính'
    end as remark_vi,
    judged.is_suppressed
from judged;
comment on column mart.kpi_status.is_suppressed is 'True: the value is hidden.';

alter view mart.kpi_revision set (security_invoker = true);
alter view mart.verdict_count set (security_invoker = true);
alter view mart.service_index set (security_invoker = true);
alter view mart.service_index_total set (security_invoker = true);
alter view mart.programme_league set (security_invoker = true);
alter view mart.campaign_throughput set (security_invoker = true);
