-- Purpose:    published loads that the kept steps of a family do not take into account, with how
--             many versions they stored.
-- Grain:      one row per family and table of core.
-- Parameters: none.
-- Reads:      ops.load, ops.kpi_step_family.
-- Writes:     nothing.
select
    kept.family,
    load.source_code || '__' || load.dataset_code as table_name,
    array_agg(load.load_id order by load.load_id) as loads,
    sum(
        load.inserted_count + load.updated_count + load.deleted_count + load.superseded_count
    )::bigint as row_count
from ops.kpi_step_family as kept
inner join ops.load on not load.load_id <@ kept.loads
where
    load.status = 'published'
    and load.inserted_count + load.updated_count + load.deleted_count + load.superseded_count > 0
group by kept.family, table_name
