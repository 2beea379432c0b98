-- Purpose:    whom a record with another name, or an id nobody has, may be about: the person of
--             that id, and persons of the same birth date and sex whose names are alike.
-- Grain:      one row per record and candidate, three at most.
-- Parameters: least: the least similarity; registry, registry_id, registry_name, registry_born_on,
--             registry_sex, registry_present.
-- Reads:      doubtful, the registry.
-- Writes:     core.identity_candidate.
--
-- Many records describe one person in the same words, and many persons have the same name: each
-- description is looked for once, each name of the registry is folded once.
insert into core.identity_candidate (
    dataset_code, record_key, rank, personal_id, score, basis
)
with described as materialized (
    select
        doubtful.*,
        dense_rank() over (
            order by doubtful.plain_name, doubtful.born_on, doubtful.sex, doubtful.claimed_id
        ) as description_no
    from doubtful
),

description as materialized (
    select distinct
        description_no,
        plain_name,
        born_on,
        sex,
        claimed_id
    from described
),

found as materialized (
    select
        description.description_no,
        description.plain_name,
        {registry_id} as personal_id,
        {registry_name} as registry_name,
        'same_id' as basis
    from description
    inner join {registry} as record on {registry_id} = description.claimed_id
    where {registry_present}
    union all
    select
        description.description_no,
        description.plain_name,
        {registry_id} as personal_id,
        {registry_name} as registry_name,
        'same_birth_date_and_sex' as basis
    from description
    inner join {registry} as record
        on {registry_born_on} = description.born_on and {registry_sex} = description.sex
    where {registry_present} and {registry_id} is distinct from description.claimed_id
),

folded as materialized (
    select
        named.registry_name,
        core.plain_name(named.registry_name) as plain_name
    from (select distinct found.registry_name from found) as named
),

scored as (
    select
        found.description_no,
        found.personal_id,
        found.basis,
        coalesce(core.similarity_of(found.plain_name, folded.plain_name), 0) as score
    from found
    left join folded on found.registry_name = folded.registry_name
    -- Once per pair, not once for every mention.
    offset '0' -- noqa: AM09
),

ranked as (
    select
        scored.description_no,
        scored.personal_id,
        round(scored.score::numeric, 3) as score,
        scored.basis,
        row_number() over (
            partition by scored.description_no
            order by
                round(scored.score::numeric, 3) desc,
                scored.personal_id collate "C" -- noqa: RF03
        ) as rank
    from scored
    where scored.score >= {least} or scored.basis = 'same_id'
)

select
    described.dataset_code,
    described.record_key,
    ranked.rank,
    ranked.personal_id,
    ranked.score,
    ranked.basis
from described
inner join ranked on described.description_no = ranked.description_no
where ranked.rank <= 3
-- In the order of the index: each page is written once.
order by described.dataset_code asc, described.record_key asc, ranked.rank asc
