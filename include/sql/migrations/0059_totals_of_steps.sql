-- Purpose:    totals of kept steps: what the counts of a KPI family are on one day, so that the
--             counts of a day near it need only the steps between the two.
-- Grain:      see the comments of the tables.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.kpi_step_total.
create table ops.kpi_step_total (
    family text not null,
    kpi_code text not null,
    place_code text,
    era integer not null,
    members text[],
    falls_from date,
    counted bigint not null,
    considered bigint not null,
    constraint kpi_step_total_is_kept_once unique nulls not distinct (
        family, place_code, kpi_code, falls_from, era, members
    )
);
comment on table ops.kpi_step_total is
'Sums of the changes of counts up to one day of each family (ops.kpi_step_family.totals_on). | Tổng
số đếm đến một ngày.';
comment on column ops.kpi_step_total.family is 'As in ops.kpi_step.';
comment on column ops.kpi_step_total.kpi_code is 'As in ops.kpi_step.';
comment on column ops.kpi_step_total.place_code is 'As in ops.kpi_step.';
comment on column ops.kpi_step_total.era is 'As in ops.kpi_step.';
comment on column ops.kpi_step_total.members is 'As in ops.kpi_step.';
comment on column ops.kpi_step_total.falls_from is 'As in ops.kpi_step.';
comment on column ops.kpi_step_total.counted is 'What counts.';
comment on column ops.kpi_step_total.considered is 'What is looked at.';

alter table ops.kpi_step_family add column totals_on date;
comment on column ops.kpi_step_family.totals_on is
'Day whose counts ops.kpi_step_total holds; empty: it holds none of the family.';
