-- Purpose:    the dimensions of mart; migrate fills them from include/reference.
-- Grain:      see the comment of each table.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.dim_admin_unit, mart.admin_unit_successor, mart.dim_procedure,
--             mart.procedure_code, mart.dim_campaign, mart.dim_member, mart.dim_service_metric,
--             mart.dim_date.

create table mart.dim_admin_unit (
    unit_code text not null,
    unit_level text not null check (unit_level in ('province', 'district', 'commune')),
    unit_name text not null,
    parent_code text,
    province_code text not null,
    valid_from date not null,
    valid_to date,
    boundary_version text not null,
    is_valid_from_known boolean not null default true,
    is_valid_to_known boolean not null default true,
    primary key (unit_level, unit_code, valid_from),
    constraint admin_unit_validity_runs_forward check (valid_to is null or valid_from < valid_to)
);
comment on table mart.dim_admin_unit is
'Administrative units with the dates between which a code means this unit. | Đơn vị hành chính.';
comment on column mart.dim_admin_unit.unit_code is
'Statistics code; re-used over time. <province>:unknown: what came from units without a known
successor.';
comment on column mart.dim_admin_unit.unit_level is 'province, district or commune.';
comment on column mart.dim_admin_unit.unit_name is 'Official name.';
comment on column mart.dim_admin_unit.parent_code is 'Code of the unit above it.';
comment on column mart.dim_admin_unit.province_code is 'Code of its province.';
comment on column mart.dim_admin_unit.valid_from is 'First day on which the code means this unit.';
comment on column mart.dim_admin_unit.valid_to is 'First day on which it no longer does.';
comment on column mart.dim_admin_unit.boundary_version is
'List it stands in first: 2022, 2025-06-30 (eve of the reform), 2025-07-01 (since then).';
comment on column mart.dim_admin_unit.is_valid_from_known is
'False: the unit appeared on some day between 2022 and mid-2025; valid_from is where we put it.';
comment on column mart.dim_admin_unit.is_valid_to_known is
'False: the unit ended on some day between 2022 and mid-2025; valid_to is where we put it.';

create table mart.admin_unit_successor (
    unit_level text not null check (unit_level in ('province', 'commune')),
    unit_code text not null,
    replaced_on date not null,
    successor_code text not null,
    successor_province_code text not null,
    relation text not null check (relation in ('whole', 'part', 'unknown')),
    is_default boolean not null,
    primary key (unit_level, unit_code, replaced_on, successor_code)
);
create unique index admin_unit_successor__default
on mart.admin_unit_successor (unit_level, unit_code, replaced_on) where is_default;
comment on table mart.admin_unit_successor is
'What became of units when their boundaries were drawn anew. | Bảng chuyển đổi đơn vị hành chính.';
comment on column mart.admin_unit_successor.unit_level is 'province or commune.';
comment on column mart.admin_unit_successor.unit_code is 'Code of the unit that ended.';
comment on column mart.admin_unit_successor.replaced_on is
'First day on which the code no longer meant it.';
comment on column mart.admin_unit_successor.successor_code is
'Code of the unit that took it; <province>:unknown where only the province is known.';
comment on column mart.admin_unit_successor.successor_province_code is
'Code of the successor''s province.';
comment on column mart.admin_unit_successor.relation is
'whole: all of it went there; part: some of it; unknown: gone by mid-2025, no mapping is public.';
comment on column mart.admin_unit_successor.is_default is
'The one successor that values of the unit are shown under on current boundaries.';

create table mart.dim_procedure (
    procedure_id text primary key,
    procedure_set text not null,
    position integer not null,
    name_en text not null,
    name_vi text not null,
    field_vi text,
    lead_agency text not null,
    is_digitisation_blocked boolean not null,
    blocked_reason_en text,
    blocked_reason_vi text,
    constraint a_block_has_a_reason check (
        is_digitisation_blocked
        = (blocked_reason_en is not null and blocked_reason_vi is not null)
    )
);
comment on table mart.dim_procedure is
'Administrative procedures by a short id that outlives their national codes. | Thủ tục hành chính.';
comment on column mart.dim_procedure.procedure_id is 'Short id: DA06-01, Q422-01 …';
comment on column mart.dim_procedure.procedure_set is
'DA06_25: the essential ones of QĐ 06/QĐ-TTg; QD422: of QĐ 422/QĐ-TTg; others beside them.';
comment on column mart.dim_procedure.position is 'Order in which procedures are shown.';
comment on column mart.dim_procedure.name_en is 'Name in English.';
comment on column mart.dim_procedure.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_procedure.field_vi is 'Field of administration, in Vietnamese.';
comment on column mart.dim_procedure.lead_agency is 'Kind of agency that leads it.';
comment on column mart.dim_procedure.is_digitisation_blocked is
'Central guidance is missing: out of the denominator of digitisation.';
comment on column mart.dim_procedure.blocked_reason_en is 'Why it is blocked, in English.';
comment on column mart.dim_procedure.blocked_reason_vi is 'Why it is blocked, in Vietnamese.';

create table mart.procedure_code (
    code text not null,
    procedure_id text not null references mart.dim_procedure,
    valid_from date not null,
    valid_to date,
    note text,
    primary key (code, valid_from),
    constraint validity_runs_forward check (valid_to is null or valid_from < valid_to)
);
comment on table mart.procedure_code is
'Codes that dossiers name procedures by, while they mean them. | Mã thủ tục theo thời gian.';
comment on column mart.procedure_code.code is
'National code, or the portal''s own (DVC.…) where there is none.';
comment on column mart.procedure_code.procedure_id is 'Procedure that it means.';
comment on column mart.procedure_code.valid_from is 'First day on which it means this procedure.';
comment on column mart.procedure_code.valid_to is 'First day on which it no longer does.';
comment on column mart.procedure_code.note is 'What tells it from the other codes.';

create table mart.dim_campaign (
    campaign_code text primary key,
    province_code text not null,
    first_day date not null,
    last_day date not null,
    opens_hour integer not null,
    closes_hour integer not null,
    shifts integer not null check (shifts > 0),
    name_en text not null,
    name_vi text not null,
    constraint campaign_runs_forward check (first_day <= last_day),
    constraint campaign_opens_before_it_closes check (
        opens_hour >= 0 and opens_hour < closes_hour and closes_hour <= 24
    ),
    constraint shifts_are_whole_hours check ((closes_hour - opens_hour) % shifts = 0)
);
comment on table mart.dim_campaign is
'Campaigns of collecting identity-card dossiers. | Đợt cao điểm thu nhận hồ sơ căn cước.';
comment on column mart.dim_campaign.campaign_code is 'The campaign.';
comment on column mart.dim_campaign.province_code is 'Province that held it.';
comment on column mart.dim_campaign.first_day is 'First day.';
comment on column mart.dim_campaign.last_day is 'Last day.';
comment on column mart.dim_campaign.opens_hour is 'Stations open at this hour of each day.';
comment on column mart.dim_campaign.closes_hour is 'Stations close at this hour.';
comment on column mart.dim_campaign.shifts is 'Equal parts of the opening hours.';
comment on column mart.dim_campaign.name_en is 'Name in English.';
comment on column mart.dim_campaign.name_vi is 'Name in Vietnamese.';

create table mart.dim_member (
    breakdown text not null,
    member_code text not null,
    name_en text not null,
    name_vi text not null,
    position integer not null,
    primary key (breakdown, member_code)
);
comment on table mart.dim_member is
'Members of breakdowns known beforehand: 0 is shown when nothing counts. | Thành phần phân tổ.';
comment on column mart.dim_member.breakdown is 'What values are broken down by: procedure, owner …';
comment on column mart.dim_member.member_code is 'One member of it.';
comment on column mart.dim_member.name_en is 'Name in English.';
comment on column mart.dim_member.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_member.position is 'Order in which members are shown.';

create table mart.dim_service_metric (
    metric_id text primary key,
    position integer not null,
    group_no integer not null,
    group_en text not null,
    group_vi text not null,
    name_en text not null,
    name_vi text not null,
    max_points numeric not null check (max_points >= 0),
    full_at numeric check (full_at > 0 and full_at <= 1),
    kpi_code text,
    na_reason_en text,
    na_reason_vi text,
    limit_en text,
    limit_vi text,
    ratio_vi text not null,
    rule_notes text,
    constraint measured_or_a_reason check (
        (kpi_code is not null)
        = (na_reason_en is null and na_reason_vi is null and full_at is not null)
    )
);
comment on table mart.dim_service_metric is
'Metrics of QĐ 766/QĐ-TTg, from public re-implementations. | Chỉ số phục vụ người dân.';
comment on column mart.dim_service_metric.metric_id is 'Number of the metric: 2.1 …';
comment on column mart.dim_service_metric.position is 'Order in which metrics are shown.';
comment on column mart.dim_service_metric.group_no is 'One of the six groups.';
comment on column mart.dim_service_metric.group_en is 'Name of the group in English.';
comment on column mart.dim_service_metric.group_vi is 'Name of the group in Vietnamese.';
comment on column mart.dim_service_metric.name_en is 'Name in English.';
comment on column mart.dim_service_metric.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_service_metric.max_points is 'Most points; all metrics make 100.';
comment on column mart.dim_service_metric.full_at is 'Ratio from which on it gives all points.';
comment on column mart.dim_service_metric.kpi_code is 'KPI that answers it; null: not measured.';
comment on column mart.dim_service_metric.na_reason_en is 'Why it is not measured, in English.';
comment on column mart.dim_service_metric.na_reason_vi is 'Why it is not measured, in Vietnamese.';
comment on column mart.dim_service_metric.limit_en is 'What the KPI leaves out, in English.';
comment on column mart.dim_service_metric.limit_vi is 'What the KPI leaves out, in Vietnamese.';
comment on column mart.dim_service_metric.ratio_vi is 'The ratio in words, in Vietnamese.';
comment on column mart.dim_service_metric.rule_notes is 'Notes on its rule, as found.';

create table mart.dim_date as
select
    day::date as day,
    extract(year from day)::smallint as year,
    extract(quarter from day)::smallint as quarter,
    extract(month from day)::smallint as month,
    extract(week from day)::smallint as iso_week,
    extract(isodow from day)::smallint as weekday,
    (array['Thứ hai', 'Thứ ba', 'Thứ tư', 'Thứ năm', 'Thứ sáu', 'Thứ bảy', 'Chủ nhật'])[
        extract(isodow from day)::integer
    ] as weekday_vi
from generate_series(date '2015-01-01', date '2045-12-31', interval '1 day') as calendar (day);
alter table mart.dim_date add primary key (day);
comment on table mart.dim_date is 'Days from 2015 to 2045. | Ngày.';
comment on column mart.dim_date.day is 'Calendar day in Vietnam.';
comment on column mart.dim_date.year is 'Year.';
comment on column mart.dim_date.quarter is 'Quarter of the year, 1 to 4.';
comment on column mart.dim_date.month is 'Month of the year, 1 to 12.';
comment on column mart.dim_date.iso_week is 'Week of the year by ISO 8601.';
comment on column mart.dim_date.weekday is 'Day of the week, Monday is 1.';
comment on column mart.dim_date.weekday_vi is 'Day of the week in Vietnamese.';

grant select on
mart.admin_unit_successor,
mart.dim_admin_unit,
mart.dim_campaign,
mart.dim_date,
mart.dim_member,
mart.dim_procedure,
mart.dim_service_metric,
mart.procedure_code
to dean06_bi, dean06_bi_province;
