-- Purpose:    counts by commune and by member rounded to a multiple of a base, up or down. In every
--             stretch from one multiple to the next a secret point decides, drawn once for every
--             KPI, unit and stretch: the same count always becomes the same one, on the mean
--             nothing is added.
-- Grain:      one row per cell that is rounded and is shown again.
-- Parameters: base, what is rounded to.
-- Reads:      cell, series (both of this build), ops.rounding_secret.
-- Writes:     rounded (temporary).
create temporary table rounded on commit drop as
with number as (
    select
        cell.cell_id,
        named.number_name,
        named.number,
        named.number / cast(:base as bigint) as stretch,
        concat_ws(
            '|', cell.kpi_code, cell.breakdown, cell.member_code, cell.unit_code, named.number_name
        ) as told_apart_by
    from cell
    cross join
        lateral (
            values ('counted', cell.counted), ('uncounted', cell.uncounted)
        ) as named (number_name, number)
    where
        cell.is_rounded
        and named.number is not null
        and not exists (
            select from series
            where
                cell.unit_level = 'commune'
                and series.counted_in is not null
                and series.kpi_code = cell.kpi_code
                and series.breakdown = cell.breakdown
                and series.member_code = cell.member_code
                and series.current_province_code = cell.current_province_code
        )
),

decided as (
    select
        number.*,
        (
            'x' || left(
                encode(
                    sha256(
                        convert_to(
                            concat_ws(
                                '|', drawn.secret, number.told_apart_by, number.stretch
                            ),
                            'UTF8'
                        )
                    ),
                    'hex'
                ),
                8
            )
        )::bit(32)::bigint % cast(:base as bigint) + 1 as up_from
    from number
    cross join ops.rounding_secret as drawn
),

shown as (
    select
        cell_id,
        number_name,
        cast(:base as bigint)
        * (stretch + (up_from <= number % cast(:base as bigint))::integer) as number
    from decided
)

select
    cell_id,
    max(number) filter (where number_name = 'counted') as counted,
    max(number) filter (where number_name = 'uncounted') as uncounted
from shown
group by cell_id
