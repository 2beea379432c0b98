-- Purpose:    what retention has removed that builds would need to be computed again: versions and
--             verdicts that were replaced after them.
-- Grain:      one row per kind and dataset.
-- Parameters: builds.
-- Reads:      ops.replaced_purge, ops.kpi_build_basis.
-- Writes:     nothing.
select
    purge.what,
    purge.dataset_code,
    sum(purge.item_count)::bigint as item_count,
    min(purge.purged_at)::date as since
from ops.replaced_purge as purge
where
    exists (
        select from ops.kpi_build_basis as basis
        where
            basis.build_id = any(:builds)
            and case purge.what
                when 'version' then not purge.replaced_by <@ basis.loads
                else purge.replaced_by > basis.verification_id
            end
    )
group by purge.what, purge.dataset_code
order by purge.what, purge.dataset_code
