-- Purpose:    rows that say something else than their last note, or that have no note, or whose
--             note is all that is left.
-- Grain:      one row or note that differs.
-- Parameters: none.
-- Reads:      mart.kpi_publication, ops.audit_note, ops.kpi_build, ops.load, ops.payload_read,
--             ops.replay, ops.replay_decision.
-- Writes:     nothing.
with row_now as (
    select
        'payload_read' as kind,
        read_id as source_id,
        to_jsonb(it) as body
    from ops.payload_read as it
    union all
    select
        'replay' as kind,
        replay_id as source_id,
        to_jsonb(it) as body
    from ops.replay as it
    union all
    select
        'replay_decision' as kind,
        replay_id as source_id,
        to_jsonb(it) as body
    from ops.replay_decision as it
    union all
    select
        'kpi_publication' as kind,
        publication_id as source_id,
        to_jsonb(it) as body
    from mart.kpi_publication as it
    union all
    select
        'kpi_build' as kind,
        build_id as source_id,
        to_jsonb(it) as body
    from ops.kpi_build as it
    where proposed_by is not null or decided_by is not null
    union all
    select
        'load' as kind,
        load_id as source_id,
        to_jsonb(it) as body
    from ops.load as it
    where status = 'published'
),

last_note as (
    select distinct on (kind, source_id)
        kind,
        source_id,
        body::jsonb as body
    from ops.audit_note
    order by kind asc, source_id asc, note_id desc
)

select
    coalesce(row_now.kind, last_note.kind) as kind,
    coalesce(row_now.source_id, last_note.source_id) as source_id,
    case
        when row_now.kind is null then 'deleted'
        when last_note.kind is null then 'not noted'
        else 'changed'
    end as difference
from row_now
full join last_note on row_now.kind = last_note.kind and row_now.source_id = last_note.source_id
where
    row_now.kind is null or last_note.kind is null
    -- A column that came later is no change. A superseded build keeps what was noted of people.
    or not (row_now.body - 'state') @> (last_note.body - 'state')
order by kind, source_id
