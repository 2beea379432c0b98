-- Purpose:    a received value as an agency's list shows it: one line, never a formula.
-- Grain:      one value.
-- Parameters: value: as received.
-- Reads:      nothing.
-- Writes:     ops.spreadsheet_text.
create or replace function ops.spreadsheet_text(value text) returns text
language sql immutable parallel safe as $$
select case
    -- A programme that opens the list must show what was received, never compute it.
    when shown.text ~ '^[[:space:]\u00A0]*[=+@＝＋＠－-]' then '''' || shown.text
    else shown.text
end
from (
    -- A workbook cannot hold control characters, and a line of the list is one line.
    select regexp_replace(
        case when length(value) > 200 then left(value, 200) || '…' else value end,
        '[\u0001-\u001F\u007F\uFFFE\uFFFF]', '�', 'g'
    ) as text
) as shown
$$;

comment on function ops.spreadsheet_text(text) is
'A received value as a list shows it: one line, 200 characters at most, never a formula.';
