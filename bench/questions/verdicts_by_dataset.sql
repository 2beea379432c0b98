-- Purpose:    outcomes of the comparison with the population registry.
-- Grain:      one dataset and outcome of the province.
-- Parameters: day, province.
-- Reads:      mart.verdict_count.
select
    dataset_name_vi,
    verdict_name_vi,
    sum(record_count) as record_count
from mart.verdict_count
where
    as_of_date = %(day)s and boundary_version = 'as_reported' and unit_level = 'province'
    and unit_code = %(province)s
group by dataset_name_vi, verdict_name_vi
