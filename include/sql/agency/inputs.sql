-- Purpose:    what the lists of agencies are made from: whether a list is due, is of the last day,
--             or lost records to retention.
-- Grain:      one source and day.
-- Parameters: none.
-- Reads:      ops.agency_list_input, ops.agency_list, ops.quarantine.
-- Writes:     nothing.
select
    made_from.*, -- noqa: AM04
    (
        made_from.load_ids is distinct from list.load_ids
        or made_from.verification_ids is distinct from list.verification_ids
    ) as is_due,
    made_from.day = max(made_from.day) over (partition by made_from.source_code) as is_last,
    exists(
        select from ops.quarantine
        where quarantine.load_id = any(made_from.load_ids) and quarantine.purged_at is not null
    ) as is_purged
from ops.agency_list_input as made_from
left join ops.agency_list as list
    on
        made_from.source_code = list.source_code
        and made_from.day = list.day
        and list.scope = 'day'
