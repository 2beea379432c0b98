-- Purpose:    why the values of a build may differ from the day's last publication.
-- Grain:      one row per KPI, cause and dataset.
-- Parameters: as_of, the day; sources, those the last publication had.
-- Reads:      arrived, verified, reads, definition, built (all of this build),
--             mart.kpi_publication, mart.kpi_value.
-- Writes:     cause.
insert into cause
select
    reads.kpi_code,
    arrived.cause,
    arrived.dataset_code,
    arrived.row_count
from reads
inner join arrived on reads.dataset_code = arrived.dataset_code
where arrived.row_count > 0
union all
select
    reads.kpi_code,
    'changed_verdicts' as cause,
    verified.dataset_code,
    verified.row_count
from reads
inner join verified on reads.dataset_code = verified.dataset_code and reads.with_verdicts
union all
select
    definition.kpi_code,
    'changed_definition' as cause,
    '' as dataset_code,
    0 as row_count
from definition
left join (
    select distinct
        value.kpi_code,
        value.kpi_version
    from mart.kpi_value as value
    where
        value.publication_id = (
            select max(last.publication_id)
            from mart.kpi_publication as last
            where last.as_of_date = :as_of
        )
) as said on definition.kpi_code = said.kpi_code
where
    -- Of another version, or new: the publication before had no row of it.
    said.kpi_version is distinct from definition.kpi_version
    and (
        said.kpi_code is not null
        or exists (
            select from built
            where built.kpi_code = definition.kpi_code
        )
    )
union all
select
    definition.kpi_code,
    'further_source' as cause,
    '' as dataset_code,
    0 as row_count
from definition
where
    not definition.source_codes <@ cast(:sources as text[])
    and exists (
        select from built
        where built.kpi_code = definition.kpi_code
    )
