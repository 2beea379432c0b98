-- Purpose:    the numbers of staged records that break one of some rules.
-- Grain:      one record and pass in which it breaks a rule.
-- Parameters: broken: whether a record breaks one of the rules of this pass.
-- Reads:      staged.
-- Writes:     suspect_row (temporary).
insert into suspect_row
select _row
from staged
where {broken}
