-- Purpose:    whether two sources agree on a person that both hold, and when, by attribute: true,
--             false, or null where nothing can be compared. Two names agree when both are the
--             registry's after normalisation, or the same after it; two birth dates when both are
--             whole and the same, or both years and the same; a year and a date of it cannot be
--             compared. Communes of two boundaries agree when the old one gave the new one all or a
--             part of its territory; where nobody knows what it became, they cannot be compared.
-- Grain:      one row per span of a person of the registry (registered_span) and pair of sources,
--             the registry among them.
-- Parameters: none.
-- Reads:      reform (of this build), mart.admin_unit_successor, registered_span, stated (both of
--             the query that names this part).
-- Writes:     nothing.
--
-- Part of the queries of KPI families that name it. Where a source says several things of a person,
-- all of them must agree.
-- The name as it is compared: nothing where it agrees with the registry's, else its match key.
with statement as materialized (
    select
        stated.source_code,
        stated.personal_id,
        registered.counts_from,
        case
            when stated.full_name = registered.full_name then ''
            when core.name_agreement(stated.full_name, registered.full_name) is not null then ''
            else core.name_key(stated.full_name)
        end as name_read,
        stated.born_on,
        stated.birth_year,
        stated.sex,
        stated.commune_code,
        width_bucket(stated.written_on, (select reform.days from reform)) as era
    from stated
    inner join registered_span as registered
        on
            stated.personal_id = registered.personal_id
            and stated.counts_from <= registered.counts_from
            and (stated.counts_to is null or stated.counts_to > registered.counts_from)
    union all
    select
        'police' as source_code,
        personal_id,
        counts_from,
        '' as name_read,
        born_on,
        birth_year,
        sex,
        commune_code,
        width_bucket(written_on, (select reform.days from reform)) as era
    from registered_span
)

select
    one.personal_id,
    one.counts_from,
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
group by one.personal_id, one.counts_from, one.source_code, other.source_code
