-- Purpose:    accuracy, completeness, cleanliness, timeliness of each dataset.
-- Grain:      one dimension and dataset.
-- Parameters: day, province.
-- Reads:      mart.kpi_latest.
select
    name_vi,
    member_name_vi,
    max(value) as value
from mart.kpi_latest
where
    as_of_date = %(day)s and boundary_version = 'as_reported' and unit_level = 'province'
    and unit_code = %(province)s and breakdown = 'dataset'
    and kpi_code in (
        'quality.accurate_share', 'quality.complete_share', 'quality.clean_share',
        'quality.timely_share'
    )
group by name_vi, member_name_vi
