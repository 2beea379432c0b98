-- Purpose:    the units that a publication has values of, each as its code is meant: on the day of
--             the values, or on the newest boundaries.
-- Grain:      one unit and boundary version.
-- Parameters: publication.
-- Reads:      mart.dim_admin_unit, mart.kpi_value.
-- Writes:     nothing.
with listed as (
    select distinct
        value.unit_level,
        value.unit_code,
        value.boundary_version,
        value.as_of_date
    from mart.kpi_value as value
    where value.publication_id = :publication
),

named as (
    select
        listed.unit_level,
        listed.unit_code,
        listed.boundary_version,
        coalesce(unit.unit_name, listed.unit_code) as unit_name,
        coalesce(unit.unit_name_en, listed.unit_code) as unit_name_en,
        district.unit_code as district_code,
        district.unit_name as district_name,
        unit.province_code,
        province.unit_name as province_name,
        unit.valid_from,
        unit.valid_to
    from listed
    left join mart.dim_admin_unit as unit
        on
            listed.unit_level = unit.unit_level
            and listed.unit_code = unit.unit_code
            and case
                when listed.boundary_version = 'current' then unit.valid_to is null
                else
                    listed.as_of_date >= unit.valid_from
                    and coalesce(listed.as_of_date < unit.valid_to, true)
            end
    left join mart.dim_admin_unit as district
        on
            unit.unit_level = 'commune'
            and district.unit_level = 'district'
            and unit.parent_code = district.unit_code
            and case
                when listed.boundary_version = 'current' then district.valid_to is null
                else
                    listed.as_of_date >= district.valid_from
                    and coalesce(listed.as_of_date < district.valid_to, true)
            end
    left join mart.dim_admin_unit as province
        on
            province.unit_level = 'province'
            and unit.province_code = province.unit_code
            and case
                when listed.boundary_version = 'current' then province.valid_to is null
                else
                    listed.as_of_date >= province.valid_from
                    and coalesce(listed.as_of_date < province.valid_to, true)
            end
)

select *
from named
order by
    unit_level = 'province' desc,
    unit_code collate "C",
    boundary_version collate "C"
