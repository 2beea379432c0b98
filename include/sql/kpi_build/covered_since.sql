-- Purpose:    loads that builds of a day have covered since its last publication.
-- Grain:      one load.
-- Parameters: day; last: the publication.
-- Reads:      ops.kpi_coverage, ops.load, ops.kpi_build.
-- Writes:     nothing.
select
    load.load_id,
    load.source_code || '.' || load.dataset_code as code
from ops.kpi_coverage as covered
inner join ops.load on covered.load_id = load.load_id
where
    covered.as_of_date = :day
    and covered.build_id > (
        select published.build_id from ops.kpi_build as published
        where published.publication_id = :last
    )
