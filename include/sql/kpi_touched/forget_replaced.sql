-- Purpose:    forget versions and verdicts that have been replaced, and that all kept steps take
--             into account.
-- Grain:      none.
-- Parameters: none.
-- Reads:      ops.kpi_step_family.
-- Writes:     core.replaced_version, core.replaced_verdict.
with version as (
    delete from core.replaced_version as replaced
    where not exists (
        select from ops.kpi_step_family as kept
        where not replaced.replaced_by <@ kept.loads
    )
)

delete from core.replaced_verdict as replaced
where not exists (
    select from ops.kpi_step_family as kept
    where kept.verification_id < replaced.replaced_by
)
