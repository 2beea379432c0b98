-- Purpose:    the units of provinces on a day, or by the newest boundaries.
-- Grain:      one row per unit.
-- Parameters: provinces, their codes; boundaries: as_reported or current; as_of, the day.
-- Reads:      mart.dim_admin_unit.
-- Writes:     nothing.
select
    unit.unit_level,
    unit.unit_code
from mart.dim_admin_unit as unit
where
    unit.province_code = any(:provinces)
    and case
        when :boundaries = 'current' then unit.valid_to is null
        else unit.valid_from <= :as_of and coalesce(unit.valid_to > :as_of, true)
    end
