-- Purpose:    draw what decides where counts by commune are rounded up, if that was not done yet.
-- Grain:      one row.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.rounding_secret.
insert into ops.rounding_secret (secret)
select concat(gen_random_uuid(), gen_random_uuid()) as secret
on conflict (is_only) do nothing
