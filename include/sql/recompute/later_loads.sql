-- Purpose:    published loads that a build did not see.
-- Grain:      one load.
-- Parameters: build.
-- Reads:      ops.kpi_build_basis, ops.load.
-- Writes:     nothing.
select load.load_id
from ops.kpi_build_basis as basis
inner join ops.load on not load.load_id <@ basis.loads
where basis.build_id = :build and load.status = 'published'
order by load.load_id
