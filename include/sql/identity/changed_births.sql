-- Purpose:    birth dates and sexes of the changed persons, as the registry has them now: records
--             of whom nothing else is known may be about one of them.
-- Grain:      one row per birth date and sex.
-- Parameters: registry, registry_id, registry_born_on, registry_sex, registry_present.
-- Reads:      changed_person, the registry.
-- Writes:     changed_birth (temporary).
create temporary table changed_birth on commit drop as
select distinct
    {registry_born_on} as born_on,
    {registry_sex} as sex
from {registry} as record
inner join changed_person on {registry_id} = changed_person.personal_id
where {registry_present}
