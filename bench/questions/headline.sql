-- Purpose:    the figures on top of the dashboard.
-- Grain:      one KPI of the province on the day.
-- Parameters: day, province.
-- Reads:      mart.kpi_latest.
select
    kpi_code,
    name_vi,
    unit,
    max(value) as value
from mart.kpi_latest
where
    as_of_date = %(day)s and boundary_version = 'as_reported' and unit_level = 'province'
    and unit_code = %(province)s and breakdown = ''
    and kpi_code in (
        'population.permanent_residents', 'id_card.cards_issued', 'eid.accounts',
        'insurance.verified_share'
    )
group by kpi_code, name_vi, unit
