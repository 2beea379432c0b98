-- Purpose:    units of the newest published day, each with its district and province and with names
--             that tell apart the wards that share one.
-- Grain:      one unit of the day.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.kpi_publication.
-- Writes:     mart.unit_now.
create or replace view mart.unit_now with (security_invoker = true) as
-- Not materialized: a question about one province looks at the names of its units only.
with unit as not materialized (
    select
        dim.unit_level,
        dim.unit_code,
        dim.unit_name,
        dim.unit_name_en,
        dim.parent_code,
        dim.province_code,
        dim.valid_from,
        -- What belongs to a commune that nobody can name (docs/decisions/0013).
        dim.unit_level = 'commune' and dim.parent_code = dim.province_code
        and dim.unit_code = concat(dim.province_code, ':unknown') as is_unknown
    from mart.dim_admin_unit as dim
    cross join (
        select max(publication.as_of_date) as as_of_date
        from mart.kpi_publication as publication
    ) as newest
    where
        dim.valid_from <= newest.as_of_date
        and (dim.valid_to is null or dim.valid_to > newest.as_of_date)
)

select
    unit.unit_level,
    unit.unit_code,
    unit.unit_name,
    unit.unit_name_en,
    concat_ws(
        ', ',
        unit.unit_name,
        case when unit.unit_level = 'commune' then district.unit_name end,
        -- The Vietnamese name of the unknown unit contains its province.
        case
            when unit.unit_level <> 'province' and not unit.is_unknown then province.unit_name
        end
    ) as unit_full_name,
    concat_ws(
        ', ',
        unit.unit_name_en,
        case when unit.unit_level = 'commune' then district.unit_name_en end,
        case when unit.unit_level <> 'province' then province.unit_name_en end
    ) as unit_full_name_en,
    case unit.unit_level when 'district' then unit.unit_code else district.unit_code end
        as district_code,
    case unit.unit_level when 'district' then unit.unit_name else district.unit_name end
        as district_name,
    unit.province_code,
    province.unit_name as province_name,
    unit.is_unknown,
    unit.valid_from,
    case unit.unit_level when 'district' then unit.unit_name_en else district.unit_name_en end
        as district_name_en,
    province.unit_name_en as province_name_en
from unit
left join unit as district
    on
        unit.unit_level = 'commune'
        and district.unit_level = 'district'
        and unit.parent_code = district.unit_code
left join unit as province
    on province.unit_level = 'province' and unit.province_code = province.unit_code;

comment on view mart.unit_now is
'Units of the newest published day with their districts and provinces. | Đơn vị hành chính tại ngày
gần nhất đã công bố số liệu.';
comment on column mart.unit_now.unit_level is 'province, district or commune.';
comment on column mart.unit_now.unit_code is
'Code of the unit. Codes are unique within a level only: join on unit_level too.';
comment on column mart.unit_now.unit_name is
'Official name. Several units have the same one (Phường 1): group by code or unit_full_name.';
comment on column mart.unit_now.unit_name_en is 'The name with the kind of unit in English.';
comment on column mart.unit_now.unit_full_name is
'Name with district and province: "Phường 1, Thành phố Mỹ Tho, Tỉnh Tiền Giang".';
comment on column mart.unit_now.unit_full_name_en is
'The same with kinds of units in English: "ward 1, Mỹ Tho city, Tiền Giang province".';
comment on column mart.unit_now.district_code is
'District of a commune; null since 2025-07-01, when districts ended.';
comment on column mart.unit_now.district_name is 'Name of the district.';
comment on column mart.unit_now.province_code is 'Province that the unit lies in.';
comment on column mart.unit_now.province_name is 'Name of the province.';
comment on column mart.unit_now.is_unknown is
'True: not a commune, but records of the province whose current commune is unknown.';
comment on column mart.unit_now.valid_from is 'First day on which the code stands for this unit.';
comment on column mart.unit_now.district_name_en is
'Name of the district with its kind in English.';
comment on column mart.unit_now.province_name_en is
'Name of the province with its kind in English.';

grant select on mart.unit_now to dean06_bi, dean06_bi_province;
