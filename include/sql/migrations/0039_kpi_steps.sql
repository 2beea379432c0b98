-- Purpose:    steps of KPIs: by how much a count goes up or down on a day. A KPI of any day is the
--             sum of the steps up to it, so one scan of a family serves every day there ever was.
-- Grain:      see the comments of the tables.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.kpi_step, ops.kpi_step_family.
create table ops.kpi_step (
    family text not null,
    kpi_code text not null,
    place_code text,
    era integer not null,
    members text[],
    falls_from date,
    day date not null,
    counted bigint not null,
    considered bigint not null,
    constraint kpi_step_is_kept_once unique nulls not distinct (
        family, kpi_code, place_code, era, members, falls_from, day
    )
);
comment on table ops.kpi_step is
'Changes of counts by day, before they are placed on boundaries and in periods. | Biến động theo
ngày của số đếm.';
comment on column ops.kpi_step.family is 'File in include/sql/mart/kpi that counts it.';
comment on column ops.kpi_step.kpi_code is 'The indicator, or the one whose periods are its own.';
comment on column ops.kpi_step.place_code is 'Commune or province, as the record writes it.';
comment on column ops.kpi_step.era is
'Era in whose codes the record speaks: the reforms that its day of writing has seen.';
comment on column ops.kpi_step.members is 'Members of breakdowns it counts in.';
comment on column ops.kpi_step.falls_from is
'First day of the month in which the thing happened, or a later day of it from which a KPI counts.';
comment on column ops.kpi_step.day is 'Day from which the change holds.';
comment on column ops.kpi_step.counted is 'Change of what counts.';
comment on column ops.kpi_step.considered is 'Change of what is looked at.';

create table ops.kpi_step_family (
    family text primary key,
    state_digest text not null,
    counted_at timestamptz not null default now()
);
comment on table ops.kpi_step_family is
'What the kept steps of a family were counted from. | Nguồn của các biến động đã lưu.';
comment on column ops.kpi_step_family.family is 'As in ops.kpi_step.';
comment on column ops.kpi_step_family.state_digest is
'Digest of its query, and of the loads, verdicts and reference data that it reads.';
comment on column ops.kpi_step_family.counted_at is 'When they were counted.';
