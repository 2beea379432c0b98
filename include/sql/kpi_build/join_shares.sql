-- Purpose:    add the steps that were counted in shares of a family's things.
-- Grain:      one row per step.
-- Parameters: summed, the part summed_steps.sql of the table share.
-- Reads:      nothing (what summed reads).
-- Writes:     ops.kpi_step.
insert into ops.kpi_step
select summed.* from ({summed}) as summed -- noqa: AM04
