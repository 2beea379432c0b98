-- Purpose:    who lives in the province, cut where anything begins or ends that is stated of them:
--             within a span, the same statements hold.
-- Grain:      one row per version of a resident and span; those of a version follow each other.
-- Parameters: registered_person: another part.
-- Reads:      stated (of the query that names this part: personal_id, counts_from, counts_to).
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it.
with registered as materialized (
    {registered_person}
),

-- One day cannot be cut: a build of one day joins nothing here.
divisible as (
    select
        personal_id,
        counts_from,
        counts_to
    from registered
    where counts_to is null or counts_to - counts_from > 1
),

division as (
    select
        divisible.personal_id,
        divisible.counts_from,
        divisible.counts_to,
        array_agg(distinct change.day order by change.day) as days
    from divisible
    inner join (
        select
            personal_id,
            counts_from as day
        from stated
        union all
        select
            personal_id,
            counts_to as day
        from stated
    ) as change
        on
            divisible.personal_id = change.personal_id
            and divisible.counts_from < change.day
            and (divisible.counts_to is null or divisible.counts_to > change.day)
    group by divisible.personal_id, divisible.counts_from, divisible.counts_to
),

part as (
    select
        personal_id,
        counts_from as divided_from,
        unnest(array_prepend(counts_from, days)) as counts_from,
        unnest(array_append(days, counts_to)) as counts_to
    from division
)

select
    registered.personal_id,
    registered.full_name,
    registered.born_on,
    registered.birth_year,
    registered.sex,
    registered.commune_code,
    registered.written_on,
    coalesce(part.counts_from, registered.counts_from) as counts_from,
    case when part.counts_from is null then registered.counts_to else part.counts_to end
        as counts_to
from registered
left join part
    on
        registered.personal_id = part.personal_id
        and registered.counts_from = part.divided_from
