-- Purpose:    whom a record with another name, or an id nobody has, may be about: the person of
--             that id, and persons of the same birth date and sex whose names are alike.
-- Grain:      one row per record and candidate, three at most.
-- Parameters: core, record_key, name, born_on, sex, present; dataset; chosen: which records;
--             registry, registry_id, registry_name, registry_born_on, registry_sex,
--             registry_present.
-- Reads:      core.identity_verdict, the core table, the registry (for_review, where chosen names
--             it).
-- Writes:     core.identity_candidate.
insert into core.identity_candidate (
    dataset_code, record_key, rank, personal_id, score, basis
)
with doubtful as materialized (
    select
        verdict.record_key,
        verdict.claimed_id,
        core.plain_name({name}) as plain_name,
        {born_on} as born_on,
        {sex} as sex
    from core.identity_verdict as verdict
    inner join {core} as record on {record_key} = verdict.record_key and {present}
    where
        verdict.dataset_code = {dataset}
        and verdict.verdict in ('mismatch_name', 'not_found')
        and {chosen}
),

found as (
    select
        doubtful.record_key,
        {registry_id} as personal_id,
        coalesce(
            core.similarity_of(doubtful.plain_name, core.plain_name({registry_name})), 0
        ) as score,
        'same_id' as basis
    from doubtful
    inner join {registry} as record on {registry_id} = doubtful.claimed_id
    where {registry_present}
    union all
    select
        doubtful.record_key,
        {registry_id} as personal_id,
        coalesce(
            core.similarity_of(doubtful.plain_name, core.plain_name({registry_name})), 0
        ) as score,
        'same_birth_date_and_sex' as basis
    from doubtful
    inner join {registry} as record
        on {registry_born_on} = doubtful.born_on and {registry_sex} = doubtful.sex
    where {registry_present} and {registry_id} is distinct from doubtful.claimed_id
),

ranked as (
    select
        found.record_key,
        found.personal_id,
        round(found.score::numeric, 3) as score,
        found.basis,
        row_number() over (
            partition by found.record_key
            order by
                round(found.score::numeric, 3) desc,
                found.personal_id collate "C" -- noqa: RF03
        ) as rank
    from found
    where found.score >= {least} or found.basis = 'same_id'
)

select
    {dataset} as dataset_code,
    record_key,
    rank,
    personal_id,
    score,
    basis
from ranked
where rank <= 3
