-- Purpose:    the provinces that the login is assigned to, and the policies that show readers of
--             provinces the values of theirs.
-- Grain:      one province.
-- Parameters: none.
-- Reads:      ops.province_reader.
-- Writes:     mart.my_province; policy kpi_value_of_my_province of mart.kpi_value;
--             policy kpi_value_of_all of mart.kpi_value;
--             policy kpi_revision_cause_of_all of mart.kpi_revision_cause.
create or replace view mart.my_province with (security_barrier = true) as
select province_code
from ops.province_reader
-- Who logged in: another role taken on since changes nothing.
where login_name = session_user;

comment on view mart.my_province is
'Provinces that who asks is assigned to. | Các tỉnh được phân quyền.';
comment on column mart.my_province.province_code is 'Code of the province.';

drop policy if exists kpi_value_of_my_province on mart.kpi_value;
create policy kpi_value_of_my_province on mart.kpi_value
for select to dean06_bi_province
using (province_code in (select mine.province_code from mart.my_province as mine));

-- What counts is which roles the login has, not which of them it has taken on. The service account
-- has all of them, and takes on one for each purpose.
drop policy if exists kpi_value_of_all on mart.kpi_value;
create policy kpi_value_of_all on mart.kpi_value
for select to dean06_bi
using (
    (
        select
            not pg_has_role(session_user, 'dean06_bi_province', 'member')
            or pg_has_role(session_user, 'dean06_loader', 'member')
    )
);

-- Causes are counted over all provinces.
drop policy if exists kpi_revision_cause_of_all on mart.kpi_revision_cause;
create policy kpi_revision_cause_of_all on mart.kpi_revision_cause
for select to dean06_bi
using (
    (
        select
            not pg_has_role(session_user, 'dean06_bi_province', 'member')
            or pg_has_role(session_user, 'dean06_loader', 'member')
    )
);

grant select on mart.my_province to dean06_bi_province;
