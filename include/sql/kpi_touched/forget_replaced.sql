-- Purpose:    forget of which records the verdict was the first one, once all kept steps take it
--             into account: the history of verdicts says so too. Replaced versions and verdicts are
--             kept for whoever computes a publication again, until retention removes them.
-- Grain:      none.
-- Parameters: none.
-- Reads:      ops.kpi_step_family.
-- Writes:     core.replaced_verdict.
delete from core.replaced_verdict as replaced
where
    replaced.verdict is null
    and not exists (
        select from ops.kpi_step_family as kept
        where kept.verification_id < replaced.replaced_by
    )
