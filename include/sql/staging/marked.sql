-- Purpose:    the records that break some rule, with the numbers of those rules; of a record that
--             breaks a critical one also what quarantine keeps of it.
-- Grain:      one record that breaks a rule.
-- Parameters: numbers: the rules that a record breaks, as a list; critical: numbers of the critical
--             rules; payload: what quarantine keeps.
-- Reads:      suspect.
-- Writes:     marked (temporary).
create or replace temp table marked as
select
    _row,
    broken_rules,
    case when list_has_any(broken_rules, {critical}) then payload end as payload
from (
    select
        _row,
        {numbers} as broken_rules,
        {payload} as payload
    from suspect
) as found
