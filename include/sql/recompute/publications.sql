-- Purpose:    every publication, and whether what it was computed from is recorded, and still there
--             (as removed.sql says).
-- Grain:      one publication.
-- Parameters: none.
-- Reads:      mart.kpi_publication, ops.kpi_publication_basis, ops.kpi_build_basis,
--             ops.replaced_purge.
-- Writes:     nothing.
select
    publication.publication_id,
    coalesce(bool_and(counted.build_id is not null), false) as is_recorded,
    coalesce(
        bool_or(
            exists (
                select from ops.replaced_purge as purge
                where
                    jsonb_exists(family.codes, purge.dataset_code)
                    and case purge.what
                        when 'version' then not purge.replaced_by <@ counted.loads
                        else
                            purge.replaced_by > counted.verification_id
                            and jsonb_exists(family.codes, 'identity_verdict')
                    end
            )
        ),
        false
    ) as is_removed
from mart.kpi_publication as publication
left join ops.kpi_publication_basis as basis
    on publication.publication_id = basis.publication_id
left join ops.kpi_build_basis as own on basis.build_id = own.build_id
left join lateral jsonb_each(own.reads) as family (name, codes) on true
left join ops.kpi_build_basis as counted
    on counted.build_id = cast(own.counted_by ->> family.name as bigint)
group by publication.publication_id
order by publication.publication_id
