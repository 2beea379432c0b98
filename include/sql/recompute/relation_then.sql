-- Purpose:    a reference table as it was.
-- Grain:      one row per row that it had.
-- Parameters: past: the temporary table; relation: the table of now, for its columns; rows: JSON.
-- Reads:      nothing.
-- Writes:     nothing (the temporary table past).
create temporary table {past} on commit drop as
select said.*
from jsonb_populate_recordset(null::{relation}, {rows}::jsonb) as said
