-- Purpose:    a question about one day reads the publications of that day only, however many days
--             there are (docs/decisions/0025).
-- Grain:      as before.
-- Parameters: none.
-- Reads:      mart.kpi_value, mart.kpi_publication.
create or replace view mart.kpi_latest with (security_invoker = true) as
select
    -- Of the publication, not of the value: a condition on the day reaches the publications.
    latest.as_of_date,
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
                latest.as_of_date >= unit.valid_from
                and (unit.valid_to is null or latest.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code;

create or replace view mart.kpi_history with (security_invoker = true) as
select
    published.as_of_date,
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
        publication.as_of_date,
        publication.published_at,
        lead(publication.published_at) over (
            partition by publication.as_of_date order by publication.publication_id
        ) as superseded_at
    from mart.kpi_publication as publication
) as published on value.publication_id = published.publication_id;

create or replace view mart.kpi_revision with (security_invoker = true) as
with publication as (
    select
        later.publication_id,
        later.as_of_date,
        later.published_at,
        lag(later.publication_id) over (
            partition by later.as_of_date order by later.publication_id
        ) as previous_id
    from mart.kpi_publication as later
),

said as (
    select
        publication.publication_id,
        publication.published_at,
        value.publication_id = publication.publication_id as is_new,
        publication.as_of_date,
        value.kpi_code,
        value.unit_level,
        value.unit_code,
        value.boundary_version,
        value.breakdown,
        value.member_code,
        value.numerator,
        value.denominator,
        value.value
    from publication
    inner join mart.kpi_value as value
        -- An array, unlike IN: found by index.
        on value.publication_id = any(array[publication.publication_id, publication.previous_id])
    where publication.previous_id is not null
),

compared as (
    select
        publication_id,
        published_at,
        as_of_date,
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        max(numerator) filter (where not is_new) as numerator_before,
        max(denominator) filter (where not is_new) as denominator_before,
        max(value) filter (where not is_new) as value_before,
        max(numerator) filter (where is_new) as numerator,
        max(denominator) filter (where is_new) as denominator,
        max(value) filter (where is_new) as value
    from said
    group by
        publication_id, published_at, as_of_date, kpi_code, unit_level, unit_code,
        boundary_version, breakdown, member_code
)

select
    compared.*,
    (
        select
            string_agg(
                concat_ws(' ', cause.cause, nullif(cause.dataset_code, ''), cause.row_count), '; '
                order by cause.cause, cause.dataset_code
            )
        from mart.kpi_revision_cause as cause
        where
            cause.publication_id = compared.publication_id
            and cause.kpi_code = compared.kpi_code
    ) as causes
from compared
where
    (compared.numerator_before, compared.denominator_before)
    is distinct from (compared.numerator, compared.denominator);
