-- Purpose:    the verdict on a record as of a day: deceased from the day on that verification gave,
--             what the comparison came to before it.
-- Grain:      one value.
-- Parameters: verdict_in_life, deceased_from: of core.identity_verdict; as_of: the day.
-- Reads:      nothing.
-- Writes:     core.verdict_on.
create or replace function core.verdict_on(verdict_in_life text, deceased_from date, as_of date)
returns text
language sql immutable parallel safe as $$
select case when deceased_from <= as_of then 'deceased' else verdict_in_life end
$$;

comment on function core.verdict_on(text, date, date) is
'The verdict on a record as of a day: deceased from the day on that verification gave.';
