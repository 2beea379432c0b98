-- Purpose:    record by what a publication is placed, hidden and rounded.
-- Grain:      one publication.
-- Parameters: publication; build; list, the digest of its inputs.
-- Reads:      ops.rounding_secret.
-- Writes:     ops.kpi_publication_basis.
insert into ops.kpi_publication_basis (publication_id, build_id, list_digest, secret_digest)
select
    cast(:publication as bigint) as publication_id,
    cast(:build as bigint) as build_id,
    :list as list_digest,
    (
        select encode(sha256(convert_to(drawn.secret, 'UTF8')), 'hex')
        from ops.rounding_secret as drawn
    ) as secret_digest
