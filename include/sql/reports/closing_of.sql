-- Purpose:    when a period was closed, and with which publication.
-- Grain:      at most one row.
-- Parameters: period: month, quarter or year; first_day: its first day.
-- Reads:      mart.closed_period.
-- Writes:     nothing.
select
    publication_id,
    closed_at
from mart.closed_period
where period = :period and first_day = :first_day
