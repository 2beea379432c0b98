-- Purpose:    values of a publication that are not what the records say now. Numbers of nothing
--             are left out: the grid adds them.
-- Grain:      one row per KPI and unit.
-- Parameters: publication; codes, the KPIs that are compared.
-- Reads:      built (temporary, of this comparison), ops.kpi_exact.
-- Writes:     nothing.
with counted as (
    select
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        numerator,
        denominator
    from built
    where kpi_code = any(:codes) and (numerator > 0 or denominator > 0)
),

published as (
    select
        kpi_code,
        unit_level,
        unit_code,
        boundary_version,
        breakdown,
        member_code,
        numerator,
        denominator
    from ops.kpi_exact
    where
        publication_id = :publication
        and kpi_code = any(:codes)
        and (numerator > 0 or denominator > 0)
),

differing as (
    (
        select * from counted
        except all
        select * from published
    )
    union all
    (
        select * from published
        except all
        select * from counted
    )
)

select
    kpi_code,
    unit_level,
    unit_code
from differing
group by kpi_code, unit_level, unit_code
order by kpi_code, unit_level, unit_code
