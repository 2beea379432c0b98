-- Purpose:    a login with the role dean06_bi_province sees the values of the provinces that it is
--             assigned to; one that is assigned to none sees none.
-- Grain:      ops.province_reader: one login and province.
-- Parameters: none.
-- Reads:      nothing.
create table ops.province_reader (
    login_name text not null,
    province_code text not null,
    primary key (login_name, province_code)
);
comment on table ops.province_reader is
'Which provinces a login of role dean06_bi_province reads. | Phân quyền đọc theo tỉnh.';
comment on column ops.province_reader.login_name is 'Login of PostgreSQL.';
comment on column ops.province_reader.province_code is
'Code of a province, as values say it: on boundaries of the day or on current ones.';

create view mart.my_province as
select province_code
from ops.province_reader
-- Who logged in: another role taken on since changes nothing.
where login_name = session_user;
comment on view mart.my_province is
'Provinces that who asks is assigned to. | Các tỉnh được phân quyền.';
comment on column mart.my_province.province_code is 'Code of the province.';

alter table mart.kpi_value enable row level security;
create policy kpi_value_is_written on mart.kpi_value
for insert to dean06_loader with check (true);
create policy kpi_value_is_read on mart.kpi_value
for select to dean06_loader, dean06_steward, dean06_bi, dean06_bi_province using (true);
-- Restrictive: holds also for a login that has both roles of readers.
create policy kpi_value_of_my_province on mart.kpi_value
as restrictive for select to dean06_bi_province
using (province_code in (select mine.province_code from mart.my_province as mine));

grant select on
mart.my_province,
mart.admin_unit_successor,
mart.campaign_throughput,
mart.dim_admin_unit,
mart.dim_campaign,
mart.dim_member,
mart.dim_procedure,
mart.dim_service_metric,
mart.kpi_definition,
mart.kpi_history,
mart.kpi_latest,
mart.kpi_publication,
mart.kpi_status,
mart.kpi_target,
mart.kpi_value,
mart.procedure_code,
mart.programme_league,
mart.service_index,
mart.service_index_total,
mart.verdict_count
to dean06_bi_province;
