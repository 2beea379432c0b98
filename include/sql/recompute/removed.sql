-- Purpose:    what retention has removed that a build would need to be computed again: versions and
--             verdicts of what a family reads that were replaced after the build that counted it.
-- Grain:      one row per kind and dataset.
-- Parameters: build.
-- Reads:      ops.kpi_build_basis, ops.replaced_purge.
-- Writes:     nothing.
select
    purge.what,
    purge.dataset_code,
    sum(purge.item_count)::bigint as item_count,
    min(purge.purged_at)::date as since
from ops.replaced_purge as purge
where
    exists (
        select from ops.kpi_build_basis as own
        cross join lateral jsonb_each(own.reads) as family (name, codes)
        inner join ops.kpi_build_basis as counted
            on counted.build_id = cast(own.counted_by ->> family.name as bigint)
        where
            own.build_id = :build
            and jsonb_exists(family.codes, purge.dataset_code)
            and case purge.what
                when 'version' then not purge.replaced_by <@ counted.loads
                else
                    purge.replaced_by > counted.verification_id
                    and jsonb_exists(family.codes, 'identity_verdict')
            end
    )
group by purge.what, purge.dataset_code
order by purge.what, purge.dataset_code
