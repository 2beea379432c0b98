-- Purpose:    why values are missing, in words. Without the reason that only districts have, which
--             are not released.
-- Grain:      one reason.
-- Parameters: none.
-- Reads:      mart.missing_reason.
-- Writes:     nothing.
select
    reason.missing_reason,
    reason.reason_en,
    reason.reason_vi
from mart.missing_reason as reason
where reason.missing_reason <> 'too_rough'
order by reason.missing_reason collate "C" -- noqa: RF03
