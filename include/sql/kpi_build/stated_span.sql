-- Purpose:    what sources beside the registry state of a person of the registry, cut where
--             anything begins or ends that is stated: within a span, the same statements hold.
-- Grain:      one row per version of a resident, span and statement.
-- Parameters: none.
-- Reads:      stated, registered (person_statement and registered_person, of the query that names
--             this part).
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it. name_read is the name as it is compared:
-- nothing where it agrees with the registry's, else its match key.
with met as materialized (
    select
        registered.personal_id,
        registered.counts_from as version_from,
        registered.counts_to as version_to,
        greatest(registered.counts_from, stated.counts_from) as counts_from,
        least(registered.counts_to, stated.counts_to) as counts_to,
        stated.source_code,
        case
            when stated.full_name = registered.full_name then ''
            when core.name_agreement(stated.full_name, registered.full_name) is not null then ''
            else core.name_key(stated.full_name)
        end as name_read,
        stated.born_on,
        stated.birth_year,
        stated.sex,
        stated.commune_code,
        stated.era,
        -- Beside the name: where it states something, the registry states the same.
        coalesce(
            (
                (stated.birth_year is null and stated.born_on is null)
                or (
                    stated.birth_year = registered.birth_year
                    and stated.born_on is not distinct from registered.born_on
                )
            )
            and (stated.sex is null or stated.sex = registered.sex)
            and (
                stated.commune_code is null
                or (stated.era = registered.era and stated.commune_code = registered.commune_code)
            ),
            false
        ) as says_the_same
    from stated
    inner join registered
        on
            stated.personal_id = registered.personal_id
            and stated.counts_from < coalesce(registered.counts_to, 'infinity')
            and registered.counts_from < coalesce(stated.counts_to, 'infinity')
),

cut as (
    select distinct
        met.personal_id,
        met.version_from,
        met.version_to,
        border.day
    from met
    cross join lateral (values (met.counts_from), (met.counts_to)) as border (day)
    where border.day < coalesce(met.version_to, 'infinity')
),

span as (
    select
        personal_id,
        version_from,
        day as counts_from,
        coalesce(
            lead(day) over (partition by personal_id, version_from order by day), version_to
        ) as counts_to
    from cut
)

select
    span.personal_id,
    span.version_from,
    span.counts_from,
    span.counts_to,
    met.source_code,
    met.name_read,
    met.born_on,
    met.birth_year,
    met.sex,
    met.commune_code,
    met.era,
    met.says_the_same
from span
inner join met
    on
        span.personal_id = met.personal_id
        and span.version_from = met.version_from
        and span.counts_from >= met.counts_from
        and (met.counts_to is null or span.counts_from < met.counts_to)
