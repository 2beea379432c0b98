-- Purpose:    by how much a share of rounded counts can differ from the exact share. What counts
--             and what does not are rounded apart (docs/decisions/0033); the share moves most where
--             the one is off upwards and the other downwards: the denominator stays the same.
-- Grain:      one share.
-- Parameters: denominator: the published one; off_by: the largest difference between its numerator
--             and the exact count, which is that of the rest too; of a sum, that of all its parts.
-- Reads:      nothing.
-- Writes:     mart.share_off_by_at_most.
create or replace function mart.share_off_by_at_most(denominator numeric, off_by numeric)
returns numeric
language sql immutable parallel safe as $$
select
    case
        when denominator is null or off_by = 0 then null
        when denominator <= off_by then 1
        else ceil(1000000 * off_by / denominator) / 1000000
    end
$$;

comment on function mart.share_off_by_at_most(numeric, numeric) is
'Largest possible difference between a share of rounded counts and the exact share; null: exact, or
no share. | Sai số lớn nhất của tỷ lệ do làm tròn.';
