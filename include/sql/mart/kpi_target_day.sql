-- Purpose:    which targets each published day has, and the period of the target that the day
--             belongs to (docs/decisions/0015). Reads the units that have targets, not all units
--             of the day (docs/decisions/0025).
-- Grain:      one target and day that its unit was published for.
-- Parameters: none.
-- Reads:      mart.kpi_publication, mart.kpi_target, mart.kpi_value.
-- Writes:     mart.kpi_target_day.
create or replace view mart.kpi_target_day with (security_invoker = true) as
-- The whole term, or a month, quarter or year within it.
with asked as (
    select
        published.as_of_date,
        target.target_id,
        target.starts_from_zero,
        published.as_of_date >= target.counted_from
        and (target.period = 'once' or published.as_of_date <= target.due_on) as is_in_force,
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
        -- Limited, which PostgreSQL must not turn into a join with all values.
        cross join lateral (
            select told.publication_id
            from mart.kpi_value as told
            where
                latest.publication_id = told.publication_id
                and targeted.unit_level = told.unit_level
                and targeted.unit_code = told.unit_code
                and told.boundary_version = 'as_reported'
                and told.breakdown = ''
            order by told.kpi_code
            limit 1
        ) as found
    ) as published
    inner join mart.kpi_target as target
        on
            published.unit_level = target.unit_level
            and published.unit_code = target.unit_code
)

select
    asked.as_of_date,
    asked.target_id,
    asked.is_in_force,
    asked.starts_on,
    asked.ends_on,
    baseline.baseline_on
from asked
-- The last day published before the period; if there is none, the first one in it. Limited, for
-- PostgreSQL would look it up again for every column that depends on it.
left join lateral (
    select
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
        ) as baseline_on
    order by baseline_on
    limit 1
) as baseline on not asked.starts_from_zero;


comment on view mart.kpi_target_day is
'Targets of each published day, with the period of the target that the day belongs to. | Kỳ của mục
tiêu theo ngày.';
comment on column mart.kpi_target_day.as_of_date is 'The day.';
comment on column mart.kpi_target_day.target_id is 'The target.';
comment on column mart.kpi_target_day.is_in_force is 'True: the target holds on the day.';
comment on column mart.kpi_target_day.starts_on is 'First day of the period.';
comment on column mart.kpi_target_day.ends_on is
'Last day of the period, on which the target is due.';
comment on column mart.kpi_target_day.baseline_on is
'Published day whose value progress is measured from; null: progress starts from zero, or no such
day is published.';

grant select on mart.kpi_target_day to dean06_bi, dean06_bi_province;
