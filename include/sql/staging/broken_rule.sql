-- Purpose:    which of some rules the suspects break.
-- Grain:      one record and rule.
-- Parameters: cases: of each rule its number where a record breaks it, else null.
-- Reads:      suspect.
-- Writes:     broken_rule (temporary).
insert into broken_rule
select
    _row,
    number
from (
    select
        _row,
        unnest([{cases}]) as number
    from suspect
) as found
where number is not null
