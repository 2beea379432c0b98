-- Purpose:    a fingerprint of the administrative units that values were counted by, and since when
--             the newest boundaries hold.
-- Grain:      one row.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit.
-- Writes:     nothing.
select
    max(valid_from) filter (where valid_to is null) as current_since,
    encode(
        sha256(
            convert_to(
                string_agg(
                    concat_ws(
                        ',', unit_level, unit_code, valid_from, valid_to, province_code, unit_name
                    ),
                    E'\n'
                    order by unit_level collate "C", unit_code collate "C", valid_from
                ),
                'UTF8'
            )
        ),
        'hex'
    ) as fingerprint
from mart.dim_admin_unit
