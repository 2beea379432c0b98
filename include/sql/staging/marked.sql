-- Purpose:    the records that break some rule, with the numbers of those rules; of a record that
--             breaks a critical one also what quarantine keeps of it.
-- Grain:      one record that breaks a rule.
-- Parameters: alone: numbers of rules beside which no other is named; critical: numbers of the
--             critical rules; payload: what quarantine keeps.
-- Reads:      suspect, broken_rule.
-- Writes:     marked (temporary).
create or replace temp table marked as
select
    suspect._row,
    found.broken_rules,
    case when list_has_any(found.broken_rules, {critical}) then {payload} end as payload
from suspect
inner join (
    select
        _row,
        case
            when list_has_any(numbers, {alone}) then list_intersect(numbers, {alone})
            else numbers
        end as broken_rules
    from (
        select
            _row,
            list(number order by number) as numbers
        from broken_rule
        group by _row
    ) as listed
) as found on suspect._row = found._row
