-- Purpose:    every publication, and whether what it was computed from is recorded and still there.
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
                    case purge.what
                        when 'version' then not purge.replaced_by <@ counted.loads
                        else purge.replaced_by > counted.verification_id
                    end
            )
        ),
        false
    ) as is_removed
from mart.kpi_publication as publication
left join ops.kpi_publication_basis as basis
    on publication.publication_id = basis.publication_id
left join ops.kpi_build_basis as build on basis.build_id = build.build_id
left join lateral (
    select distinct named.value::bigint as build_id
    from jsonb_each_text(build.counted_by) as named (family, value)
) as origin on true
left join ops.kpi_build_basis as counted on origin.build_id = counted.build_id
group by publication.publication_id
order by publication.publication_id
