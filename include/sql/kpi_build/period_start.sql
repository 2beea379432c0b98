-- Purpose:    the first days of the periods of a day, in their order.
-- Grain:      one row.
-- Parameters: days, the first days.
-- Reads:      nothing.
-- Writes:     period_start (temporary).
create temporary table period_start on commit drop as
select cast(:days as date[]) as days
