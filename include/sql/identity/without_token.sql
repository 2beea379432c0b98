-- Purpose:    the next persons of the registry who have no token and may have one.
-- Grain:      one person, in the order of their numbers.
-- Parameters: id, the registry's key; registry; last: the number to go on after; size: how many.
-- Reads:      the registry, ops.person_token, ops.restricted_person.
-- Writes:     nothing.
select resident.{id}
from {registry} as resident
where
    resident._is_current
    and resident.{id} > {last}
    and not exists (
        select from ops.person_token as given
        where given.personal_id = resident.{id}
    )
    and not exists (
        select from ops.restricted_person as restricted
        where restricted.personal_id = resident.{id}
    )
order by resident.{id}
limit {size}
