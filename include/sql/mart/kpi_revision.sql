-- Purpose:    values that changed when their day was published again, and what caused it.
-- Grain:      one changed value of one publication.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.kpi_definition, mart.kpi_publication,
--             mart.kpi_revision_cause, mart.kpi_revision_reason, mart.kpi_value.
-- Writes:     mart.kpi_revision.
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
        value.kpi_version,
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
        max(value) filter (where is_new) as value,
        coalesce(max(kpi_version) filter (where is_new), max(kpi_version)) as kpi_version,
        bool_or(not is_new) as was_listed
    from said
    group by
        publication_id, published_at, as_of_date, kpi_code, unit_level, unit_code,
        boundary_version, breakdown, member_code
)

select
    compared.publication_id,
    compared.published_at,
    compared.as_of_date,
    compared.kpi_code,
    compared.unit_level,
    compared.unit_code,
    compared.boundary_version,
    compared.breakdown,
    compared.member_code,
    compared.numerator_before,
    compared.denominator_before,
    compared.value_before,
    compared.numerator,
    compared.denominator,
    compared.value,
    (
        select
            string_agg(
                concat_ws(
                    ' ',
                    cause.cause,
                    nullif(cause.dataset_code, ''),
                    coalesce(cause.row_count::text, 'few')
                ),
                '; '
                order by cause.cause, cause.dataset_code
            )
        from mart.kpi_revision_cause as cause
        where
            cause.publication_id = compared.publication_id
            and cause.kpi_code = compared.kpi_code
    ) as causes,
    compared.kpi_version,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    unit.unit_name,
    unit.unit_name_en,
    coalesce(member.name_en, compared.member_code) as member_name_en,
    coalesce(member.name_vi, compared.member_code) as member_name_vi,
    (
        select string_agg(reason.told_en, '; ' order by reason.cause, reason.dataset_code)
        from mart.kpi_revision_reason as reason
        where
            reason.publication_id = compared.publication_id
            and reason.kpi_code = compared.kpi_code
    ) as causes_en,
    (
        select string_agg(reason.told_vi, '; ' order by reason.cause, reason.dataset_code)
        from mart.kpi_revision_reason as reason
        where
            reason.publication_id = compared.publication_id
            and reason.kpi_code = compared.kpi_code
    ) as causes_vi
from compared
inner join mart.kpi_definition as definition
    on compared.kpi_code = definition.kpi_code and compared.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        compared.unit_level = unit.unit_level
        and compared.unit_code = unit.unit_code
        and case compared.boundary_version
            when 'current' then unit.valid_to is null
            else
                compared.as_of_date >= unit.valid_from
                and (unit.valid_to is null or compared.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on compared.breakdown = member.breakdown and compared.member_code = member.member_code
where
    (compared.numerator_before, compared.denominator_before)
    is distinct from (compared.numerator, compared.denominator)
    -- Publications once did not list 0: to list it restates nothing.
    and (
        compared.was_listed
        or compared.numerator > 0
        or compared.denominator > 0
    );

comment on view mart.kpi_revision is
'Every value that changed when its day was published again, with the causes of the change. | Các
giá trị đã điều chỉnh và nguyên nhân.';
comment on column mart.kpi_revision.publication_id is 'The publication that restates the value.';
comment on column mart.kpi_revision.published_at is 'When it was published.';
comment on column mart.kpi_revision.as_of_date is 'Day of the value.';
comment on column mart.kpi_revision.kpi_code is 'The indicator.';
comment on column mart.kpi_revision.unit_level is 'province or commune.';
comment on column mart.kpi_revision.unit_code is 'Code of the unit.';
comment on column mart.kpi_revision.boundary_version is 'Boundaries the unit belongs to.';
comment on column mart.kpi_revision.breakdown is
'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_revision.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_revision.numerator_before is
'Numerator in the previous publication. Add only within one publication_id, boundary_version,
breakdown, kpi_code and unit_level, and only if additivity in mart.kpi_definition allows it.';
comment on column mart.kpi_revision.denominator_before is
'Denominator in the previous publication. Add only under the same conditions as the numerator.';
comment on column mart.kpi_revision.value_before is
'The value that was published before. Never add up or average shares.';
comment on column mart.kpi_revision.numerator is
'What is counted now; empty: no longer shown. Add only within one publication_id, boundary_version,
breakdown, kpi_code and unit_level, and only if additivity in mart.kpi_definition allows it.';
comment on column mart.kpi_revision.denominator is
'Denominator now. Add only under the same conditions as the numerator.';
comment on column mart.kpi_revision.value is 'The value now. Never add up or average shares.';
comment on column mart.kpi_revision.causes is
'Causes of the KPI''s changes in this publication as a whole, not of this value alone, with dataset
and number of rows, as in mart.kpi_revision_cause; few: the number is suppressed.';
comment on column mart.kpi_revision.kpi_version is
'Version of the definition of the value now; of a value no longer shown, of the one before.';
comment on column mart.kpi_revision.name_en is 'Name of the KPI in English.';
comment on column mart.kpi_revision.name_vi is 'Name of the KPI in Vietnamese.';
comment on column mart.kpi_revision.unit is 'What is counted; share: 0 to 1.';
comment on column mart.kpi_revision.unit_name is
'Name of the unit: on that day as reported, today''s on current boundaries.';
comment on column mart.kpi_revision.unit_name_en is 'Its name with the kind of unit in English.';
comment on column mart.kpi_revision.member_name_en is
'Name of the member in English, or its code.';
comment on column mart.kpi_revision.member_name_vi is
'Name of the member in Vietnamese, or its code.';
comment on column mart.kpi_revision.causes_en is
'The causes in English words, with the names of datasets and numbers of records.';
comment on column mart.kpi_revision.causes_vi is
'The causes in Vietnamese words, with the names of datasets and numbers of records.';

grant select on mart.kpi_revision to dean06_bi;
