-- Purpose:    whether two sources agree on a person that both hold, and when, by attribute: true,
--             false, or null where nothing can be compared. Two names agree when both are the
--             registry's after normalisation, or the same after it; two birth dates when both are
--             whole and the same, or both years and the same; a year and a date of it cannot be
--             compared. Communes of two boundaries agree when the old one gave the new one all or a
--             part of its territory; where nobody knows what it became, they cannot be compared.
-- Grain:      one row per span of a person of the registry in which not all say the same, and pair
--             of sources, the registry among them.
-- Parameters: none.
-- Reads:      registered, said, span (all of the query that names this part),
--             mart.admin_unit_successor.
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it. Where a source says several things of a person,
-- all of them must agree.
with statement as materialized (
    select
        said.personal_id,
        said.version_from,
        said.counts_from,
        said.counts_to,
        said.source_code,
        said.name_read,
        said.born_on,
        said.birth_year,
        said.sex,
        said.commune_code,
        said.era
    from span
    inner join said
        on span.personal_id = said.personal_id and span.counts_from = said.counts_from
    where not span.is_plain
    union all
    select
        span.personal_id,
        span.version_from,
        span.counts_from,
        span.counts_to,
        'police' as source_code,
        '' as name_read,
        registered.born_on,
        registered.birth_year,
        registered.sex,
        registered.commune_code,
        registered.era
    from span
    inner join registered
        on
            span.personal_id = registered.personal_id
            and span.version_from = registered.counts_from
    where not span.is_plain
)

select
    one.personal_id,
    one.version_from,
    one.counts_from,
    one.counts_to,
    one.source_code as one_code,
    other.source_code as other_code,
    bool_and(one.name_read = other.name_read) as name_agrees,
    bool_and(
        case
            when one.birth_year <> other.birth_year then false
            when one.born_on is null and other.born_on is null
                then one.birth_year = other.birth_year
            else one.born_on = other.born_on
        end
    ) as birth_date_agrees,
    bool_and(one.sex = other.sex) as sex_agrees,
    bool_and(
        case
            when one.era = other.era then one.commune_code = other.commune_code
            when one.era <> other.era
                then (
                    select
                        bool_or(
                            became.successor_code
                            = case
                                when one.era < other.era then other.commune_code
                                else one.commune_code
                            end
                        )
                    from mart.admin_unit_successor as became
                    where
                        became.unit_level = 'commune'
                        and became.relation <> 'unknown'
                        and became.unit_code
                        = case
                            when one.era < other.era then one.commune_code
                            else other.commune_code
                        end
                )
        end
    ) as commune_agrees
from statement as one
inner join statement as other
    on
        one.personal_id = other.personal_id
        and one.counts_from = other.counts_from
        and one.source_code < other.source_code
group by
    one.personal_id, one.version_from, one.counts_from, one.counts_to, one.source_code,
    other.source_code
