-- Purpose:    where loads stopped: how far each came, and which task of Airflow noted a failure of
--             it last. Of a backfill's day the run is a part of the load's run key.
-- Grain:      one load.
-- Parameters: loads.
-- Reads:      ops.load, ops.task_failure.
-- Writes:     nothing.
select distinct on (load.load_id)
    load.load_id,
    load.source_code,
    load.dataset_code,
    load.run_key,
    load.status,
    load.export_handle is not null as has_export,
    failure.dag_code,
    failure.run_key as failed_run,
    failure.task_code
from ops.load
left join ops.task_failure as failure
    on (
        'sync_' || load.source_code = failure.dag_code
        and load.run_key = failure.run_key
        and (
            failure.task_code = 'publish'
            or starts_with(failure.task_code, load.dataset_code || '.')
        )
    )
    or (
        failure.dag_code = 'backfill_source'
        and load.run_key = failure.run_key || '__' || load.day
    )
where load.load_id = any(:loads)
order by load.load_id asc, failure.failed_at desc nulls last
