-- Purpose:    take out the steps that touched things had, and put in those that they have.
-- Grain:      one row per step that becomes another; change may have several, of shares of things.
-- Parameters: summed, the part kpi_build/summed_steps.sql of the table change.
-- Reads:      nothing (what summed reads).
-- Writes:     ops.kpi_step.
insert into ops.kpi_step as kept
select summed.* from ({summed}) as summed -- noqa: AM04
on conflict on constraint kpi_step_is_kept_once do update set
    counted = kept.counted + excluded.counted,
    considered = kept.considered + excluded.considered
