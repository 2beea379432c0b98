-- Purpose:    the provinces that the login is assigned to, and the policy that shows readers of
--             provinces the values of theirs.
-- Grain:      one province.
-- Parameters: none.
-- Reads:      ops.province_reader.
-- Writes:     mart.my_province; policy kpi_value_of_my_province of mart.kpi_value.
create or replace view mart.my_province as
select province_code
from ops.province_reader
-- Who logged in: another role taken on since changes nothing.
where login_name = session_user;

comment on view mart.my_province is
'Provinces that who asks is assigned to. | Các tỉnh được phân quyền.';
comment on column mart.my_province.province_code is 'Code of the province.';

-- Restrictive: holds also for a login that has both roles of readers.
drop policy if exists kpi_value_of_my_province on mart.kpi_value;
create policy kpi_value_of_my_province on mart.kpi_value
as restrictive for select to dean06_bi_province
using (province_code in (select mine.province_code from mart.my_province as mine));

grant select on mart.my_province to dean06_bi_province;
