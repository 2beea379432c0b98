-- Purpose:    what every rule of a suite found in one load.
-- Grain:      one expectation of the suite.
-- Parameters: load_id; results, a JSON array with an object for each expectation.
-- Reads:      nothing.
-- Writes:     ops.validation_result.
insert into ops.validation_result
select
    :load_id as load_id,
    result.*
from jsonb_to_recordset(cast(:results as jsonb)) as result (
    rule text, "column" text, expectation text, severity text, dimension text,
    success boolean, elements bigint, unexpected bigint, allowed_share double precision,
    reason_en text, reason_vi text
)
