-- Purpose:    number the rows of a load through its landed files, in the order received.
-- Grain:      one landed file.
-- Parameters: load_id.
-- Reads:      ops.landing_file.
-- Writes:     ops.landing_file.
update ops.landing_file set first_row = numbered.first_row
from (
    select
        piece_no,
        1 + coalesce(
            sum(last_line) over (
                order by piece_no rows between unbounded preceding and 1 preceding
            ), 0
        ) as first_row
    from ops.landing_file
    where load_id = :load_id
) as numbered
where landing_file.load_id = :load_id and landing_file.piece_no = numbered.piece_no
