-- Purpose:    keep published loads as they are.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.refuse_reopening; trigger of ops.load.
create or replace function ops.refuse_reopening() returns trigger language plpgsql as $$
begin
    raise exception 'a published load is final' using errcode = '55000';
end
$$;

comment on function ops.refuse_reopening() is 'Keeps published loads as they are.';

create or replace trigger published_load_is_final before update or delete on ops.load
for each row when (old.status = 'published') execute function ops.refuse_reopening();
