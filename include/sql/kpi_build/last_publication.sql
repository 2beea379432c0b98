-- Purpose:    the last publication of a day, and whether no build came after it.
-- Grain:      one row, none before the first publication.
-- Parameters: day.
-- Reads:      ops.kpi_build.
-- Writes:     nothing.
select
    build.publication_id,
    build.source_codes,
    not exists (
        select from ops.kpi_build as newer
        where newer.as_of_date = :day and newer.build_id > build.build_id
    ) as is_newest
from ops.kpi_build as build
where build.as_of_date = :day and build.publication_id is not null
order by build.publication_id desc limit 1
