-- Purpose:    which migration the warehouse has.
-- Grain:      one row.
-- Parameters: none.
-- Reads:      ops.schema_version.
-- Writes:     nothing.
select number as value
from ops.schema_version
