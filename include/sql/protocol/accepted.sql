-- Purpose:    the rows of a load that broke no critical rule.
-- Grain:      one staged row.
-- Parameters: staging: its table; load_id; row: the column of its row number.
-- Reads:      the staging table, ops.quarantine.
-- Writes:     accepted (temporary).
create temporary view accepted as
select staged.* from {staging} as staged
where not exists (
    select from ops.quarantine
    where quarantine.load_id = {load_id} and quarantine.row_no = staged.{row}
)
