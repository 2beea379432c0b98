-- Purpose:    a publication, and what was recorded of how it was computed.
-- Grain:      one row; none where there is no such publication.
-- Parameters: publication.
-- Reads:      mart.kpi_publication, ops.kpi_publication_basis, ops.kpi_build_basis,
--             ops.publication_leaf, ops.rounding_secret.
-- Writes:     nothing.
select
    publication.publication_id,
    publication.as_of_date,
    publication.smallest_shown,
    publication.source_codes,
    basis.build_id,
    basis.list_digest,
    build.counted_by,
    leaf.place,
    coalesce(basis.secret_digest <> secret.digest, false) as has_other_secret,
    (
        select max(earlier.publication_id)
        from mart.kpi_publication as earlier
        where
            earlier.as_of_date = publication.as_of_date
            and earlier.publication_id < publication.publication_id
    ) as earlier
from mart.kpi_publication as publication
left join ops.kpi_publication_basis as basis
    on publication.publication_id = basis.publication_id
left join ops.kpi_build_basis as build on basis.build_id = build.build_id
left join ops.publication_leaf as leaf on publication.publication_id = leaf.publication_id
left join (
    select encode(sha256(convert_to(drawn.secret, 'UTF8')), 'hex') as digest
    from ops.rounding_secret as drawn
) as secret on true
where publication.publication_id = :publication
