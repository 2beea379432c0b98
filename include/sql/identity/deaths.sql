-- Purpose:    when persons of the registry died: the first day from which its states say so without
--             a break. States follow each other by the day from which they hold, then by version: a
--             death that a later state withdraws is none, one that is only written again with
--             another name stays.
-- Grain:      one row per deceased person.
-- Parameters: registry; registry_id; registry_dead: whether a version says that its person has
--             died; registry_dated_by, registry_version: its columns; of_whom: a query of numbers.
-- Reads:      the registry (subject, where of_whom names it).
-- Writes:     death (temporary).
create temporary table death on commit drop as
select
    state.personal_id,
    min(state.holds_from) as died_on
from (
    select
        {registry_id} as personal_id,
        record.{registry_dated_by}::date as holds_from,
        bool_and({registry_dead}) over (
            partition by {registry_id}
            order by record.{registry_dated_by}::date desc, record.{registry_version} desc
        ) as is_final
    from {registry} as record
    where {registry_id} in ({of_whom})
) as state
where state.is_final
group by state.personal_id
