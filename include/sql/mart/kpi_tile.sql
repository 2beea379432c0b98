-- Purpose:    the newest values of communes on a map of tiles: a row for each district, communes in
--             the order of their codes (docs/decisions/0054). BI tools draw it as a heat map.
-- Grain:      one KPI and commune of the newest published day.
-- Parameters: none.
-- Reads:      mart.kpi_now, mart.unit_now.
-- Writes:     mart.kpi_tile.
create or replace view mart.kpi_tile with (security_invoker = true) as
with tile as (
    select
        unit.unit_code,
        row_number() over (
            partition by unit.province_code, unit.district_code
            order by unit.unit_code
        ) as place
    from mart.unit_now as unit
    where unit.unit_level = 'commune' and not unit.is_unknown
),

placed as (
    select
        commune.*,
        tile.place,
        -- Districts of two provinces can have one name: their rows would become one.
        coalesce(
            min(commune.district_code) over same_name <> max(commune.district_code) over same_name,
            false
        ) as is_ambiguous
    from mart.kpi_now as commune
    inner join tile on commune.unit_level = 'commune' and commune.unit_code = tile.unit_code
    window same_name as (partition by commune.kpi_code, commune.district_name)
)

select
    placed.as_of_date,
    placed.kpi_code,
    placed.name_en,
    placed.name_vi,
    placed.unit,
    placed.province_code,
    -- Since districts ended, rows of fifteen tiles.
    case
        when placed.is_ambiguous then concat(placed.district_name, ', ', placed.province_name)
        else coalesce(
            placed.district_name, concat(placed.province_name, ' ', (placed.place - 1) / 15 + 1)
        )
    end as tile_row_vi,
    case
        when placed.is_ambiguous then concat(placed.district_name_en, ', ', placed.province_name_en)
        else coalesce(
            placed.district_name_en,
            concat(placed.province_name_en, ' ', (placed.place - 1) / 15 + 1)
        )
    end as tile_row_en,
    case
        when placed.district_code is not null then placed.place
        else (placed.place - 1) % 15 + 1
    end as tile_column,
    placed.unit_code,
    placed.unit_full_name,
    placed.unit_full_name_en,
    placed.value,
    placed.is_rounded,
    placed.reason_en,
    placed.reason_vi,
    placed.position,
    placed.province_name,
    placed.province_name_en
from placed;

comment on view mart.kpi_tile is
'Newest values of communes on a map of tiles: a row for each district. | Bản đồ ô xã, phường.';
comment on column mart.kpi_tile.as_of_date is 'Day that the value describes: the newest one.';
comment on column mart.kpi_tile.kpi_code is 'The indicator. Choose one.';
comment on column mart.kpi_tile.name_en is 'Name of the KPI in English.';
comment on column mart.kpi_tile.name_vi is 'Name of the KPI in Vietnamese.';
comment on column mart.kpi_tile.unit is 'What is counted; share: 0 to 1.';
comment on column mart.kpi_tile.province_code is 'Province of the commune.';
comment on column mart.kpi_tile.tile_row_vi is
'Row of the tile: the district, with its province if another province on the map has a district of
that name; since districts ended, the province and a number.';
comment on column mart.kpi_tile.tile_row_en is 'The same with kinds of units in English.';
comment on column mart.kpi_tile.tile_column is
'Place of the tile in its row, from 1, in the order of codes of communes. Do not add.';
comment on column mart.kpi_tile.unit_code is 'Code of the commune.';
comment on column mart.kpi_tile.unit_full_name is 'Name with district and province.';
comment on column mart.kpi_tile.unit_full_name_en is 'The same with kinds of units in English.';
comment on column mart.kpi_tile.value is
'Numerator, or share; null: see the reason. Never add up or average shares.';
comment on column mart.kpi_tile.is_rounded is 'True: made of counts that are rounded.';
comment on column mart.kpi_tile.reason_en is 'Why there is no value, in English.';
comment on column mart.kpi_tile.reason_vi is 'Why there is no value, in Vietnamese.';
comment on column mart.kpi_tile.position is 'Order in which KPIs are shown.';
comment on column mart.kpi_tile.province_name is 'Name of the province.';
comment on column mart.kpi_tile.province_name_en is
'Name of the province with its kind in English.';

grant select on mart.kpi_tile to dean06_bi, dean06_bi_province;
