-- Purpose:    mart.kpi_latest with the suppressed values, for the pipeline itself.
-- Grain:      one KPI, day, unit, boundaries and member.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.kpi_definition, mart.kpi_publication,
--             ops.kpi_exact.
-- Writes:     ops.kpi_latest_exact.
create or replace view ops.kpi_latest_exact as
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
'As mart.kpi_latest, with suppressed values: for the pipeline itself. | Giá trị đầy đủ mới nhất.';
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
