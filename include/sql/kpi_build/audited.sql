-- Purpose:    the values of a build beside what they are judged by: their ceiling, what the day's
--             last publication said, and what the newest day before says.
-- Grain:      one row per built value; comparisons stand on a province's totals only.
-- Parameters: as_of, the day.
-- Reads:      built, said, audit_setting, cause, reads (all of this build), mart.kpi_publication,
--             ops.load.
-- Writes:     audited.
insert into audited
with publication as (
    select distinct on (as_of_date)
        as_of_date,
        publication_id,
        published_at
    from mart.kpi_publication
    where as_of_date <= :as_of
    order by as_of_date asc, publication_id desc
),

day_before as (
    select *
    from publication
    where as_of_date < :as_of
    order by as_of_date desc
    limit 1
),

-- KPIs of which a known row was corrected or withdrawn since the day before was published.
corrected as (
    select distinct reads.kpi_code
    from reads
    inner join ops.load on reads.dataset_code = load.source_code || '.' || load.dataset_code
    cross join day_before
    where
        load.status = 'published'
        and load.published_at > day_before.published_at
        and load.updated_count + load.deleted_count > 0
),

compared as (
    select
        built.*,
        setting.is_cumulative,
        setting.daily_change,
        setting.restatement,
        case
            when setting.ceiling is not null then coalesce(ceiling.numerator, 0)
        end as ceiling,
        said.kpi_code is not null as was_said,
        said.numerator as last_numerator,
        said.denominator as last_denominator,
        before.numerator as numerator_before,
        :as_of - day_before.as_of_date as days,
        built.unit_level = 'province' and built.breakdown = '' as is_total
    from built
    inner join audit_setting as setting on built.kpi_code = setting.kpi_code
    left join built as ceiling
        on
            setting.ceiling = ceiling.kpi_code
            and built.unit_level = ceiling.unit_level
            and built.unit_code = ceiling.unit_code
            and built.boundary_version = ceiling.boundary_version
            and built.breakdown = ceiling.breakdown
            and built.member_code = ceiling.member_code
    left join said
        on
            said.as_of_date = :as_of
            and built.kpi_code = said.kpi_code
            and built.unit_level = said.unit_level
            and built.unit_code = said.unit_code
            and built.boundary_version = said.boundary_version
            and built.breakdown = said.breakdown
            and built.member_code = said.member_code
    left join day_before on true
    left join said as before
        on
            day_before.as_of_date = before.as_of_date
            and built.kpi_code = before.kpi_code
            and built.unit_level = before.unit_level
            and built.unit_code = before.unit_code
            and built.boundary_version = before.boundary_version
            and built.breakdown = before.breakdown
            and built.member_code = before.member_code
)

select
    kpi_code,
    unit_level,
    unit_code,
    boundary_version,
    breakdown,
    member_code,
    numerator,
    denominator,
    numerator::double precision / nullif(denominator, 0) as share,
    case when is_total then numerator - ceiling end as excess_over_ceiling,
    case
        when
            is_total and is_cumulative
            and not exists (
                select from corrected
                where corrected.kpi_code = compared.kpi_code
            )
            then numerator_before - numerator
    end as unexplained_fall,
    case
        when is_total and abs(numerator - last_numerator) > 50
            then
                abs(numerator - last_numerator)::double precision
                / greatest(last_numerator, 1) / restatement
    end as change_share,
    case
        when is_total and abs(numerator - numerator_before) > 50
            then
                abs(numerator - numerator_before)::double precision
                / greatest(numerator_before, 1) / (daily_change * days)
    end as daily_change_share,
    case
        when
            was_said
            and (
                numerator is distinct from last_numerator
                or denominator is distinct from last_denominator
            )
            and not exists (
                select from cause
                where cause.kpi_code = compared.kpi_code
            )
            then 1
    end as unexplained_change
from compared
