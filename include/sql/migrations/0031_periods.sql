-- Purpose:    KPI definitions say which days a value covers, and which KPI it is a period of;
--             targets may be of a quarter.
-- Grain:      one version of a definition. `migrate` fills the columns; of definitions that the
--             project no longer has they stay empty.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table mart.kpi_definition
add column period text
check (period in ('day', 'last_30_days', 'month', 'quarter', 'year', 'since_start')),
add column base_code text,
add column counts_from date;
comment on column mart.kpi_definition.period is
'Days that a value covers: day (the state on the day), last_30_days, month, quarter, year (from its
first day to the day), since_start.';
comment on column mart.kpi_definition.base_code is
'What the same KPI of all periods has in common: service.on_time_share of
service.on_time_share.year.';
comment on column mart.kpi_definition.counts_from is
'Legal first day: the period that it lies in begins on it; null: periods of the calendar.';

alter table mart.kpi_target
drop constraint kpi_target_period_check,
add constraint kpi_target_period_check check (period in ('once', 'month', 'quarter', 'year'));
comment on column mart.kpi_target.period is
'once: one term, from counted_from to due_on; month, quarter or year: again in each of them between
the two.';
