-- Purpose:    the line chart: some KPIs of the province over all days that were published.
-- Grain:      one KPI and day.
-- Parameters: province.
-- Reads:      mart.kpi_latest.
select
    as_of_date,
    name_vi,
    max(value) as value
from mart.kpi_latest
where
    boundary_version = 'as_reported' and unit_level = 'province' and unit_code = %(province)s
    and breakdown = '' and kpi_code in (
        'insurance.verified_share', 'service.online_share', 'id_card.eligible_with_dossier',
        'quality.accurate_share'
    )
group by as_of_date, name_vi
order by as_of_date
limit 10000
