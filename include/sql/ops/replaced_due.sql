-- Purpose:    earlier versions and verdicts that loads and runs of verification replaced longer ago
--             than they are kept. Those that kept steps of KPIs have yet to take out are needed.
-- Grain:      one load or run, and dataset.
-- Parameters: none.
-- Reads:      core.replaced_version, core.replaced_verdict, ops.load, ops.verification,
--             ops.retention, ops.kpi_step_family.
-- Writes:     ops.replaced_due.
create or replace view ops.replaced_due as
select
    old.what,
    retention.source_code,
    retention.dataset_code,
    old.replaced_by,
    old.item_count,
    retention.classification,
    retention.kept_days,
    exists(
        select from ops.kpi_step_family as kept
        where
            case old.what
                when 'version' then not old.replaced_by <@ kept.loads
                else old.replaced_by > kept.verification_id
            end
    ) as is_needed
from (
    select
        'version' as what,
        replaced.dataset_code,
        replaced.replaced_by,
        load.published_at as replaced_at,
        count(*) as item_count
    from core.replaced_version as replaced
    inner join ops.load on replaced.replaced_by = load.load_id
    group by replaced.dataset_code, replaced.replaced_by, load.published_at
    union all
    select
        'verdict' as what,
        replaced.dataset_code,
        replaced.replaced_by,
        run.finished_at as replaced_at,
        count(*) as item_count
    from core.replaced_verdict as replaced
    inner join ops.verification as run on replaced.replaced_by = run.verification_id
    where replaced.verdict is not null
    group by replaced.dataset_code, replaced.replaced_by, run.finished_at
) as old
inner join ops.retention
    on
        retention.what = 'replaced'
        and old.dataset_code = retention.source_code || '.' || retention.dataset_code
where old.replaced_at < now() - make_interval(days => retention.kept_days);

comment on view ops.replaced_due is
'Earlier versions and verdicts past their period. | Phiên bản cũ hết thời hạn lưu giữ.';
comment on column ops.replaced_due.what is 'version or verdict.';
comment on column ops.replaced_due.source_code is 'Source key.';
comment on column ops.replaced_due.dataset_code is 'Dataset of the source.';
comment on column ops.replaced_due.replaced_by is 'Load, or run of verification.';
comment on column ops.replaced_due.item_count is 'How many.';
comment on column ops.replaced_due.classification is 'Classification of the dataset.';
comment on column ops.replaced_due.kept_days is 'Days they are kept.';
comment on column ops.replaced_due.is_needed is 'Kept steps of KPIs still need them: they stay.';
