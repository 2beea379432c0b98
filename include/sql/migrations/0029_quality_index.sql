-- Purpose:    groups of errors and weights of the data quality index; counts of rejected records by
--             group for readers of mart, as the disclosure step has rounded them.
-- Grain:      see the comment of each table.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.dim_error_group, mart.error_group_code, mart.quality_weight, mart.error_count;
--             policy error_count_is_written of mart.error_count;
--             policy error_count_is_read of mart.error_count;
--             policy error_count_of_all of mart.error_count.

create table mart.dim_error_group (
    group_code text primary key,
    position integer not null,
    name_vi text not null,
    name_en text not null,
    sureness text not null check (sureness in ('P', 'S', 'ours')),
    source text not null
);
comment on table mart.dim_error_group is 'The eight groups of errors in data. | Tám nhóm lỗi.';
comment on column mart.dim_error_group.group_code is 'The group.';
comment on column mart.dim_error_group.position is 'Order in which groups are shown.';
comment on column mart.dim_error_group.name_vi is 'Name in Vietnamese.';
comment on column mart.dim_error_group.name_en is 'Name in English.';
comment on column mart.dim_error_group.sureness is
'P: official text or press; S: secondary; ours: this project''s own reading.';
comment on column mart.dim_error_group.source is 'What is known of it, and from where.';

create table mart.error_group_code (
    kind text not null check (kind in ('rule', 'verdict')),
    code text not null,
    group_code text not null references mart.dim_error_group,
    primary key (kind, code)
);
comment on table mart.error_group_code is
'Which group every rule and every verdict belongs to. | Nhóm của từng quy tắc, kết quả xác thực.';
comment on column mart.error_group_code.kind is
'rule: of a suite; verdict: of identity verification.';
comment on column mart.error_group_code.code is 'Rule or verdict.';
comment on column mart.error_group_code.group_code is 'Its group.';

create table mart.quality_weight (
    valid_from date not null,
    dimension text not null,
    position integer not null,
    name_vi text not null,
    name_en text not null,
    kpi_code text not null,
    source_kpi_code text not null,
    weight numeric not null check (weight > 0 and weight <= 1),
    is_assumed boolean not null,
    note_vi text not null,
    note_en text not null,
    noted_on date not null,
    primary key (valid_from, dimension)
);
comment on table mart.quality_weight is
'What each quality weighs in the data quality index. | Trọng số của chỉ số chất lượng dữ liệu.';
comment on column mart.quality_weight.valid_from is 'First day of values that it applies to.';
comment on column mart.quality_weight.dimension is
'accurate, complete, clean, timely or consistent.';
comment on column mart.quality_weight.position is 'Order in which qualities are shown.';
comment on column mart.quality_weight.name_vi is 'Name in Vietnamese.';
comment on column mart.quality_weight.name_en is 'Name in English.';
comment on column mart.quality_weight.kpi_code is 'Its KPI for provinces and communes.';
comment on column mart.quality_weight.source_kpi_code is 'Its KPI for a source, by member.';
comment on column mart.quality_weight.weight is 'The weight; those of a set make 1.';
comment on column mart.quality_weight.is_assumed is 'True: not known, assumed by this project.';
comment on column mart.quality_weight.note_vi is 'Where it comes from, in Vietnamese.';
comment on column mart.quality_weight.note_en is 'Where it comes from, in English.';
comment on column mart.quality_weight.noted_on is 'When it was written down or assumed.';

create table mart.error_count (
    as_of_date date not null,
    revision integer not null,
    group_code text not null references mart.dim_error_group,
    record_count bigint not null check (record_count >= 0),
    is_rounded boolean not null,
    published_at timestamptz not null default clock_timestamp(),
    primary key (as_of_date, revision, group_code)
);
comment on table mart.error_count is
'Rejected records of the last 30 days by group of errors, as published: rounded, append-only. |
Số bản ghi bị từ chối theo nhóm lỗi, đã làm tròn.';
comment on column mart.error_count.as_of_date is 'Last of the 30 days of deliveries.';
comment on column mart.error_count.revision is 'Grows when a day is published again.';
comment on column mart.error_count.group_code is 'The group.';
comment on column mart.error_count.record_count is
'Records that broke a rule of the group; one that broke rules of two groups counts in both.';
comment on column mart.error_count.is_rounded is
'True: rounded to twice the smallest shown count (docs/decisions/0033).';
comment on column mart.error_count.published_at is 'When.';

-- Counts are of the whole warehouse: a login that reads provinces reads none of them.
alter table mart.error_count enable row level security;
create policy error_count_is_written on mart.error_count
for insert to dean06_loader with check (true);
create policy error_count_is_read on mart.error_count
for select to dean06_loader, dean06_steward using (true);
create policy error_count_of_all on mart.error_count
for select to dean06_bi
using (
    (
        select
            not pg_has_role(session_user, 'dean06_bi_province', 'member')
            or pg_has_role(session_user, 'dean06_loader', 'member')
    )
);
grant select on mart.error_count to dean06_bi;
grant select on mart.dim_error_group, mart.error_group_code, mart.quality_weight
to dean06_bi, dean06_bi_province;
