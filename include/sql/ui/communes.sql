-- Purpose:    communes of a province with their districts, as they were on a day; since the reform
--             of 2025-07-01 there are no districts.
-- Grain:      one commune.
-- Parameters: province; day; boundaries: as_reported (units of the day) or current (of today).
-- Reads:      mart.dim_admin_unit.
-- Writes:     nothing.
select
    commune.unit_code,
    commune.unit_name,
    commune.unit_name_en,
    district.unit_code as district_code,
    district.unit_name as district_name,
    district.unit_name_en as district_name_en
from mart.dim_admin_unit as commune
left join mart.dim_admin_unit as district
    on
        commune.parent_code = district.unit_code
        and district.unit_level = 'district'
        and case :boundaries
            when 'current' then district.valid_to is null
            else
                :day >= district.valid_from
                and (district.valid_to is null or :day < district.valid_to)
        end
where
    commune.unit_level = 'commune'
    and commune.province_code = :province
    and case :boundaries
        when 'current' then commune.valid_to is null
        else
            :day >= commune.valid_from
            and (commune.valid_to is null or :day < commune.valid_to)
    end
order by district.unit_code asc nulls last, commune.unit_code asc
