-- Purpose:    dossiers handled on time, by procedure.
-- Grain:      one procedure.
-- Parameters: day, province.
-- Reads:      mart.kpi_latest.
select
    member_name_vi,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    max(value) as value
from mart.kpi_latest
where
    as_of_date = %(day)s and boundary_version = 'as_reported' and unit_level = 'province'
    and unit_code = %(province)s and breakdown = 'procedure'
    and kpi_code = 'service.on_time_share'
group by member_name_vi
order by value
limit 100
