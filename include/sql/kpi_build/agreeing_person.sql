-- Purpose:    whether the sources agree on a person, and when: in each attribute, and of each
--             source with all others; null where nothing can be compared, or where the source has
--             no record.
-- Grain:      one row per span of a person of the registry in which nothing that is stated of them
--             changes.
-- Parameters: none.
-- Reads:      span, registered, compared (all of the query that names this part).
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it.
with by_pair as (
    select
        personal_id,
        counts_from,
        bool_and(name_agrees) as name_agrees,
        bool_and(birth_date_agrees) as birth_date_agrees,
        bool_and(sex_agrees) as sex_agrees,
        bool_and(commune_agrees) as commune_agrees,
        bool_and(agrees) filter (where 'education' in (one_code, other_code)) as education_agrees,
        bool_and(agrees) filter (where 'health' in (one_code, other_code)) as health_agrees,
        bool_and(agrees) filter (where 'insurance' in (one_code, other_code)) as insurance_agrees,
        bool_and(agrees) filter (where 'portal' in (one_code, other_code)) as portal_agrees
    from (
        select
            compared.*,
            coalesce(compared.name_agrees, true)
            and coalesce(compared.birth_date_agrees, true)
            and coalesce(compared.sex_agrees, true)
            and coalesce(compared.commune_agrees, true) as agrees
        from compared
    ) as pair
    group by personal_id, counts_from
)

select
    registered.commune_code,
    registered.written_on,
    registered.era,
    span.personal_id,
    span.counts_from as holds_from,
    span.counts_to as holds_to,
    span.is_plain or by_pair.name_agrees as name_agrees,
    case
        when span.is_plain then nullif(span.has_birth_date, false)
        else by_pair.birth_date_agrees
    end as birth_date_agrees,
    case
        when span.is_plain then nullif(span.has_sex, false) else by_pair.sex_agrees
    end as sex_agrees,
    case
        when span.is_plain then nullif(span.has_commune, false) else by_pair.commune_agrees
    end as commune_agrees,
    case
        when span.is_plain then nullif(span.has_education, false)
        else by_pair.education_agrees
    end as education_agrees,
    case
        when span.is_plain then nullif(span.has_health, false) else by_pair.health_agrees
    end as health_agrees,
    case
        when span.is_plain then nullif(span.has_insurance, false)
        else by_pair.insurance_agrees
    end as insurance_agrees,
    case
        when span.is_plain then nullif(span.has_portal, false) else by_pair.portal_agrees
    end as portal_agrees
from span
inner join registered
    on
        span.personal_id = registered.personal_id
        and span.version_from = registered.counts_from
left join by_pair
    on
        not span.is_plain
        and span.personal_id = by_pair.personal_id
        and span.counts_from = by_pair.counts_from
