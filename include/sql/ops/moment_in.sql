-- Purpose:    the moment that a text of a rejected record means, in any notation that contracts
--             agree on; null for a text that means none.
-- Grain:      one value.
-- Parameters: written: YYYY-MM-DDTHH:MM:SS with an offset, or DD/MM/YYYY, perhaps with HH:MM:SS.
-- Reads:      nothing.
-- Writes:     ops.moment_in.
create or replace function ops.moment_in(written text) returns timestamptz
language sql stable parallel safe as $$
select case
    when
        iso.text ~ '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}:\d{2}|$)'
        and pg_input_is_valid(iso.text, 'timestamptz')
        then iso.text::timestamptz
end
from (
    select regexp_replace(
        btrim(written), '^(\d{2})/(\d{2})/(\d{4})(?=$| \d{2}:\d{2}:\d{2}$)', '\3-\2-\1'
    ) as text
) as iso
$$;

comment on function ops.moment_in(text) is
'The moment that a text of a rejected record means; null: none. | Thời điểm ghi trong bản ghi.';
