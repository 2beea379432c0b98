-- Purpose:    what alerts are about, for the subject of a message: a source, a step or the KPIs,
--             and the day as far as the ledger knows it. The key of an alert names a load, a build,
--             a correction or a task; of these the ledger has source and day.
-- Grain:      one alert.
-- Parameters: alerts.
-- Reads:      ops.alert, ops.kpi_build, ops.load, ops.replay, ops.task_failure.
-- Writes:     nothing.
with split as (
    select
        alert_id,
        split_part(alert_key, ':', 1) as kind,
        split_part(alert_key, ':', 2) as thing,
        -- A run key may hold colons.
        substring(alert_key from '^[^:]*:[^:]*:(.*)$') as rest
    from ops.alert
    where alert_id = any(:alerts)
)

select
    split.alert_id,
    coalesce(load.source_code, case when split.kind in ('build', 'unpublished') then 'KPI' end)
        as source_code,
    -- Of a kind without a source: a step of Airflow, or nothing.
    case
        when load.source_code is null and split.kind not in ('build', 'unpublished')
            then nullif(split.thing, '')
    end as thing,
    case
        when split.kind in ('corrections_due', 'credential') then split.rest::date
        when split.kind = 'unpublished' then split.thing::date
        else coalesce(build.as_of_date, load.day)
    end as day
from split
left join ops.kpi_build as build on split.kind = 'build' and split.thing = build.build_id::text
left join ops.replay as replay
    on split.kind = 'replay' and split.thing = replay.replay_id::text
left join ops.task_failure as failure
    on split.kind = 'failed_task' and split.thing = failure.dag_code || '.' || failure.task_code
left join lateral (
    select
        found.source_code,
        found.day
    from ops.load as found
    where
        (split.kind in ('held', 'failed', 'unbalanced') and found.load_id::text = split.thing)
        or found.load_id = replay.corrects_load_id
        or (
            split.kind = 'unfinished'
            and found.source_code = split.thing and found.run_key = split.rest
        )
        or (
            'sync_' || found.source_code = failure.dag_code
            and found.run_key = failure.run_key
        )
    order by found.load_id
    limit 1
) as load on true
