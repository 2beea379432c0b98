-- Purpose:    take out the steps that touched things had, and put in those that they have.
-- Grain:      one row per step that becomes another.
-- Parameters: none.
-- Reads:      change (of this build: changed_steps.sql).
-- Writes:     ops.kpi_step.
insert into ops.kpi_step as kept
select * from change
on conflict on constraint kpi_step_is_kept_once do update set
    counted = kept.counted + excluded.counted,
    considered = kept.considered + excluded.considered
