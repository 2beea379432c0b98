-- Purpose:    rows that say something else than their last note, or that have no note, or whose
--             note is all that is left; rows that were noted again with other words, as one is that
--             was deleted and written again; loads of which rejected records are gone, or emptied
--             though no removal is recorded.
-- Grain:      one row, note or load that differs.
-- Parameters: none.
-- Reads:      mart.closed_period, mart.kpi_publication, ops.api_token, ops.audit_note,
--             ops.day_read, ops.kpi_build, ops.load, ops.payload_read, ops.purge, ops.quarantine,
--             ops.recomputation, ops.replay, ops.replay_decision, ops.replay_hold, ops.replay_row,
--             ops.restricted_person, ops.subject_request, ops.token_key, ops.value_read.
-- Writes:     nothing.
with row_now as (
    select
        'payload_read' as kind,
        read_id as source_id,
        to_jsonb(it) as body
    from ops.payload_read as it
    union all
    select
        'value_read' as kind,
        read_id as source_id,
        to_jsonb(it) as body
    from ops.value_read as it
    union all
    select
        'day_read' as kind,
        read_id as source_id,
        to_jsonb(it) as body
    from ops.day_read as it
    union all
    select
        'recomputation' as kind,
        recomputation_id as source_id,
        to_jsonb(it) as body
    from ops.recomputation as it
    union all
    select
        'replay' as kind,
        replay_id as source_id,
        to_jsonb(it) as body
    from ops.replay as it
    union all
    select
        'replay_row' as kind,
        corrected_id as source_id,
        to_jsonb(it) - array['payload', 'salt'] || jsonb_build_object(
            'digest',
            encode(sha256(convert_to(salt || E'\n' || payload::text, 'UTF8')), 'hex')
        ) as body
    from ops.replay_row as it
    union all
    select
        'replay_hold' as kind,
        hold_id as source_id,
        to_jsonb(it) as body
    from ops.replay_hold as it
    union all
    select
        'replay_decision' as kind,
        replay_id as source_id,
        to_jsonb(it) as body
    from ops.replay_decision as it
    union all
    select
        'subject_request' as kind,
        request_id as source_id,
        to_jsonb(it) as body
    from ops.subject_request as it
    union all
    select
        'restricted_person' as kind,
        restriction_id as source_id,
        to_jsonb(it) - array['personal_id', 'salt'] || jsonb_build_object(
            'digest',
            encode(sha256(convert_to(salt || E'\n' || personal_id, 'UTF8')), 'hex')
        ) as body
    from ops.restricted_person as it
    union all
    select
        'purge' as kind,
        purge_id as source_id,
        to_jsonb(it) as body
    from ops.purge as it
    union all
    select
        'token_key' as kind,
        key_version as source_id,
        to_jsonb(it) as body
    from ops.token_key as it
    union all
    select
        'api_token' as kind,
        token_id as source_id,
        to_jsonb(it) - 'digest' || jsonb_build_object(
            'digest', encode(sha256(digest), 'hex')
        ) as body
    from ops.api_token as it
    union all
    select
        'kpi_publication' as kind,
        publication_id as source_id,
        to_jsonb(it) as body
    from mart.kpi_publication as it
    union all
    select
        'closed_period' as kind,
        closing_id as source_id,
        to_jsonb(it) as body
    from mart.closed_period as it
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

noted as (
    select
        kind,
        source_id,
        body::jsonb as body,
        lag(body::jsonb) over in_order as body_before,
        lead(note_id) over in_order is null as is_last
    from ops.audit_note
    window in_order as (partition by kind, source_id order by note_id)
),

last_note as (
    select
        kind,
        source_id,
        body
    from noted
    where is_last
),

rejected as (
    select
        load_id,
        count(*) as records,
        count(purged_at) as emptied
    from ops.quarantine
    group by load_id
),

removed as (
    select
        load_id,
        sum(item_count) as noted
    from ops.purge
    where what = 'quarantine'
    group by load_id
)

select
    coalesce(row_now.kind, last_note.kind) as kind,
    coalesce(row_now.source_id, last_note.source_id) as source_id,
    case
        when row_now.kind is null then 'deleted'
        when last_note.kind is null then 'not in the audit trail'
        else 'changed'
    end as difference
from row_now
full join last_note on row_now.kind = last_note.kind and row_now.source_id = last_note.source_id
where
    row_now.kind is null or last_note.kind is null
    -- A column that came later is no change. A build that waits is superseded without a note.
    or (
        row_now.body <> last_note.body
        and exists (
            select from jsonb_each(last_note.body) as told
            where
                row_now.body -> told.key is distinct from told.value
                and not (
                    row_now.kind = 'kpi_build'
                    and told.key = 'state'
                    and told.value = '"held"'
                    and row_now.body -> 'state' = '"superseded"'
                )
        )
    )
union all
select distinct
    noted.kind,
    noted.source_id,
    'recorded twice with different content' as difference
from noted
cross join lateral jsonb_each(noted.body_before) as told
where
    noted.body -> told.key is distinct from told.value
    -- What happens to a row later: a correction is emptied, a restriction lifted, a build decided,
    -- a token revoked.
    and not (
        case noted.kind
            when 'replay_row'
                then
                    (told.key = 'digest' and noted.body -> 'digest' is not distinct from 'null')
                    or (told.key = 'purged_at' and told.value = 'null')
            when 'restricted_person'
                then
                    (told.key = 'digest' and noted.body -> 'digest' is not distinct from 'null')
                    or (told.key <> 'digest' and told.value = 'null')
            when 'kpi_build'
                then told.value in ('null', '"held"')
            when 'api_token'
                then told.key = 'revoked_at' and told.value = 'null'
            else false
        end
    )
union all
select
    'quarantine' as kind,
    load.load_id as source_id,
    case
        when coalesce(rejected.records, 0) <> load.quarantined_count then 'records deleted or added'
        else 'records emptied, not in the audit trail'
    end as difference
from ops.load
left join rejected on load.load_id = rejected.load_id
left join removed on load.load_id = removed.load_id
where
    load.status = 'published'
    and (
        coalesce(rejected.records, 0) <> load.quarantined_count
        or coalesce(rejected.emptied, 0) > coalesce(removed.noted, 0)
    )
order by kind, source_id
