-- Purpose:    verdicts that the kept steps of a family do not take into account. Of the first run
--             over a dataset nobody kept what was before: nothing.
-- Grain:      one row per family and table of core whose records have other verdicts.
-- Parameters: none.
-- Reads:      core.replaced_verdict, ops.verification_dataset, ops.kpi_step_family.
-- Writes:     nothing.
select
    kept.family,
    replace(replaced.dataset_code, '.', '__') as table_name,
    count(*) as row_count,
    false as is_first
from ops.kpi_step_family as kept
inner join core.replaced_verdict as replaced on kept.verification_id < replaced.replaced_by
group by kept.family, replaced.dataset_code
union all
select
    kept.family,
    replace(first.dataset_code, '.', '__') as table_name,
    first.row_count,
    true as is_first
from ops.kpi_step_family as kept
inner join (
    select
        dataset_code,
        min(verification_id) as verification_id,
        sum(examined_count)::bigint as row_count
    from ops.verification_dataset
    group by dataset_code
) as first on kept.verification_id < first.verification_id
