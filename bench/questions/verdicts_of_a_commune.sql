-- Purpose:    the same for one commune.
-- Grain:      one dataset and outcome of the commune.
-- Parameters: day, commune.
-- Reads:      mart.verdict_count.
select
    dataset_name_vi,
    verdict_name_vi,
    record_count
from mart.verdict_count
where
    as_of_date = %(day)s and boundary_version = 'as_reported' and unit_level = 'commune'
    and unit_code = %(commune)s
