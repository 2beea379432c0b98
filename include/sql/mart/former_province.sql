-- Purpose:    names of provinces by code as they were last before a reform; of those that no reform
--             ended, as they are.
-- Grain:      one province code.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit.
-- Writes:     mart.former_province.
create or replace view mart.former_province with (security_invoker = true) as
select distinct on (unit_code)
    unit_code,
    unit_name,
    unit_name_en
from mart.dim_admin_unit
where unit_level = 'province'
order by unit_code asc, valid_to desc nulls last, valid_from desc;

comment on view mart.former_province is
'Provinces as they were before the last reform: the codes in mart.kpi_value.part_codes. | Tỉnh,
thành phố trước khi sắp xếp.';
comment on column mart.former_province.unit_code is 'Code of the province.';
comment on column mart.former_province.unit_name is 'Its name.';
comment on column mart.former_province.unit_name_en is 'Its name with its kind in English.';

grant select on mart.former_province to dean06_bi, dean06_bi_province;
