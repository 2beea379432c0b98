-- Purpose:    the staged records that break some rule.
-- Grain:      one record that breaks a rule.
-- Parameters: broken: whether a record breaks one.
-- Reads:      staged.
-- Writes:     suspect (temporary).
create or replace temp table suspect as
select * exclude (_raw)
from staged
where {broken}
