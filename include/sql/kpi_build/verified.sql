-- Purpose:    verdicts that changed, by dataset, in runs that builds of a day have covered since
--             its last publication.
-- Grain:      one row per dataset.
-- Parameters: as_of, the day; since, its last publication.
-- Reads:      ops.kpi_verification, ops.kpi_build, ops.verification_dataset.
-- Writes:     verified (temporary).
create temporary table verified on commit drop as
select
    changed.dataset_code,
    sum(changed.changed_count)::bigint as row_count
from ops.kpi_verification as covered
inner join ops.verification_dataset as changed
    on covered.verification_id = changed.verification_id
where
    covered.as_of_date = :as_of
    and changed.affects_from <= :as_of
    and covered.build_id > (
        select said.build_id
        from ops.kpi_build as said
        where said.publication_id = :since
    )
group by changed.dataset_code
