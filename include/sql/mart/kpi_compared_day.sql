-- Purpose:    the newest published day and the day that its values are compared with: as on the
--             page of KPIs (docs/decisions/0054), the last published one a week or more back, else
--             the first one.
-- Grain:      one row; none before the first publication.
-- Parameters: none.
-- Reads:      mart.kpi_publication.
-- Writes:     mart.kpi_compared_day.
create or replace view mart.kpi_compared_day with (security_invoker = true) as
with newest as (
    select
        publication_id,
        as_of_date,
        published_at,
        smallest_shown
    from mart.kpi_publication
    order by as_of_date desc, publication_id desc
    limit 1
)

select
    newest.as_of_date,
    newest.publication_id,
    newest.published_at,
    -- Counts by commune are rounded to twice the smallest one shown (docs/decisions/0033).
    case when newest.smallest_shown > 1 then 2 * newest.smallest_shown - 1 else 0 end as off_by,
    earlier.as_of_date as compared_on,
    earlier.publication_id as compared_publication_id
from newest
left join lateral (
    select
        published.as_of_date,
        published.publication_id
    from mart.kpi_publication as published
    where
        published.as_of_date = (
            select
                coalesce(
                    max(each.as_of_date) filter (
                        where each.as_of_date <= newest.as_of_date - 7
                    ),
                    min(each.as_of_date)
                )
            from mart.kpi_publication as each
            where
                each.as_of_date >= newest.as_of_date - 90
                and newest.as_of_date > each.as_of_date
        )
    order by published.publication_id desc
    limit 1
) as earlier on true;

comment on view mart.kpi_compared_day is
'The newest published day and the day with which mart.kpi_now compares it. | Ngày công bố mới nhất
và ngày so sánh.';
comment on column mart.kpi_compared_day.as_of_date is 'The newest published day.';
comment on column mart.kpi_compared_day.publication_id is 'Its latest publication.';
comment on column mart.kpi_compared_day.published_at is 'When that was published.';
comment on column mart.kpi_compared_day.off_by is
'Largest possible difference of a rounded count from the exact one; 0: counts are not rounded.';
comment on column mart.kpi_compared_day.compared_on is
'The latest published day that is 7 to 90 days before as_of_date; if there is none, the earliest
published day that is 1 to 6 days before it; null: neither exists.';
comment on column mart.kpi_compared_day.compared_publication_id is
'Latest publication of compared_on.';

grant select on mart.kpi_compared_day to dean06_bi, dean06_bi_province;
