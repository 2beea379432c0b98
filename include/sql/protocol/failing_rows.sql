-- Purpose:    keep the rows that broke a critical rule until they are set aside.
-- Grain:      one failing row.
-- Parameters: table: its name; place: the physical place of a row; numbers, codes: critical rules
--             by their number in the scan.
-- Reads:      marked.
-- Writes:     the failing rows.
create unlogged table {table} as
select
    _row,
    {place},
    rule_codes
from (
    select
        _row,
        {place},
        array(
            select distinct code from unnest(broken) as number
            inner join unnest({numbers}::smallint[], {codes}::text[]) as rule (critical, code)
                on number = rule.critical
            order by code
        ) as rule_codes
    from marked
) as found
where rule_codes <> '{{}}'
