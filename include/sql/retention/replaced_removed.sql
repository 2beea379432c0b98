-- Purpose:    remove earlier versions and verdicts past their period; write down which, for
--             whoever computes a publication again, and how many.
-- Grain:      one row of ops.purge per dataset.
-- Parameters: none.
-- Reads:      ops.replaced_due.
-- Writes:     core.replaced_version, core.replaced_verdict, ops.replaced_purge, ops.purge.
with due as materialized (
    select * from ops.replaced_due
    where not is_needed
),

gone_version as (
    delete from core.replaced_version as replaced
    using due
    where
        due.what = 'version'
        and replaced.dataset_code = due.source_code || '.' || due.dataset_code
        and replaced.replaced_by = due.replaced_by
),

gone_verdict as (
    delete from core.replaced_verdict as replaced
    using due
    where
        due.what = 'verdict'
        and replaced.dataset_code = due.source_code || '.' || due.dataset_code
        and replaced.replaced_by = due.replaced_by
        and replaced.verdict is not null
),

noted as (
    insert into ops.replaced_purge (what, dataset_code, replaced_by, item_count)
    select
        due.what,
        due.source_code || '.' || due.dataset_code as dataset_code,
        due.replaced_by,
        due.item_count
    from due
)

insert into ops.purge (
    what, source_code, dataset_code, item_count, byte_count, classification, kept_days
)
select
    'replaced' as what,
    due.source_code,
    due.dataset_code,
    sum(due.item_count)::bigint as item_count,
    0 as byte_count,
    due.classification,
    due.kept_days
from due
group by due.source_code, due.dataset_code, due.classification, due.kept_days
