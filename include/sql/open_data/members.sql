-- Purpose:    what the values of a publication are broken down by.
-- Grain:      one member of a breakdown.
-- Parameters: publication.
-- Reads:      mart.kpi_value.
-- Writes:     nothing.
select
    value.breakdown,
    value.member_code
from mart.kpi_value as value
where value.publication_id = :publication and value.breakdown <> ''
group by value.breakdown, value.member_code
order by value.breakdown collate "C", value.member_code collate "C" -- noqa: RF03
