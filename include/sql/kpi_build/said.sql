-- Purpose:    what a build is judged by: the values of the day's last publication, and of the last
--             one of the newest day before. A table, so that it has statistics: looking up each of
--             10,000 values in a publication of as many would read them all each time.
-- Grain:      one value of one of the two publications.
-- Parameters: as_of, the day.
-- Reads:      ops.kpi_exact, mart.kpi_publication.
-- Writes:     said.
create temporary table said on commit drop as
with publication as (
    select distinct on (as_of_date)
        as_of_date,
        publication_id
    from mart.kpi_publication
    where as_of_date <= :as_of
    order by as_of_date asc, publication_id desc
),

judged_by as (
    select publication_id
    from publication
    order by as_of_date desc
    limit 2
)

select
    exact.as_of_date,
    exact.kpi_code,
    exact.unit_level,
    exact.unit_code,
    exact.boundary_version,
    exact.breakdown,
    exact.member_code,
    exact.numerator,
    exact.denominator
from ops.kpi_exact as exact
where
    -- An array: the planner looks its publications up, and does not read all that were ever made.
    exact.publication_id = any(array(
        select judged_by.publication_id
        from judged_by
    ))
