-- Purpose:    the staged records that break some rule.
-- Grain:      one record that breaks a rule.
-- Parameters: columns: those that rules or quarantine need; broken: whether a record breaks one.
-- Reads:      staged.
-- Writes:     suspect (temporary).
create or replace temp table suspect as
select
    _row,
    {columns}
from staged
where {broken}
