-- Purpose:    the closed periods, with how many totals of provinces were revised since.
-- Grain:      one closed period.
-- Parameters: none.
-- Reads:      mart.closed_period, mart.closed_period_value.
-- Writes:     nothing.
select
    closing.period,
    closing.first_day,
    closing.last_day,
    closing.publication_id,
    closing.closed_at,
    closing.closed_by,
    (
        select count(*)
        from mart.closed_period_value as value
        where
            value.period = closing.period
            and value.first_day = closing.first_day
            and value.unit_level = 'province'
            and value.breakdown = ''
            and value.boundary_version = 'as_reported'
            and value.is_revised
    ) as revised_count
from mart.closed_period as closing
order by closing.last_day desc, closing.period asc
