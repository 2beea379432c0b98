-- Purpose:    what lineage has not told of yet.
-- Grain:      one row per load that ended, per dataset of a verification, per publication.
-- Parameters: none.
-- Reads:      ops.load, ops.landing_file, ops.verification, ops.verification_dataset,
--             mart.kpi_publication, ops.lineage_told.
-- Writes:     nothing.
with ended as (
    select
        case load.status when 'held' then 'hold' else 'load' end as kind,
        load.load_id as id,
        load.source_code,
        load.dataset_code,
        load.day,
        load.opened_at as began_at,
        coalesce(load.published_at, load.opened_at) as ended_at,
        load.received_count as received,
        landed.bytes,
        landed.files,
        load.received_count
        - load.unchanged_count - load.quarantined_count as stored,
        load.quarantined_count as rejected,
        case when load.status = 'held' then load.cause end as cause
    from ops.load
    cross join
        lateral (
            select
                coalesce(sum(file.byte_count), 0)::bigint as bytes,
                count(*) as files
            from ops.landing_file as file
            where file.load_id = load.load_id
        ) as landed
    where load.status in ('published', 'held')
    union all
    select
        'verification' as kind,
        run.verification_id as id,
        split_part(done.dataset_code, '.', 1) as source_code,
        done.dataset_code,
        coalesce(run.affects_from, run.started_at::date) as day,
        run.started_at as began_at,
        coalesce(run.finished_at, run.started_at) as ended_at,
        null as received,
        null as bytes,
        null as files,
        done.changed_count as stored,
        null as rejected,
        null as cause
    from ops.verification_dataset as done
    inner join ops.verification as run on done.verification_id = run.verification_id
    union all
    select
        'publication' as kind,
        publication_id as id,
        null as source_code,
        null as dataset_code,
        as_of_date as day,
        published_at as began_at,
        published_at as ended_at,
        null as received,
        null as bytes,
        null as files,
        null as stored,
        null as rejected,
        null as cause
    from mart.kpi_publication
)

select ended.*
from ended
where
    not exists (
        select from ops.lineage_told as told
        where told.kind = ended.kind and told.id = ended.id
    )
order by ended.ended_at, ended.kind, ended.id, ended.dataset_code
