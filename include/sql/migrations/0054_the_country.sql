-- Purpose:    a national warehouse publishes values of the country: its unit, and why it has none.
-- Grain:      see the comments of the columns.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     constraints of mart.dim_admin_unit and mart.kpi_value.
alter table mart.dim_admin_unit
drop constraint dim_admin_unit_unit_level_check,
add constraint dim_admin_unit_unit_level_check
check (unit_level in ('country', 'province', 'district', 'commune')) not valid;
comment on column mart.dim_admin_unit.unit_level is
'country (in a national warehouse), province, district or commune.';

-- Wider than the one before, which every row has passed.
alter table mart.kpi_value
drop constraint kpi_value_unknown_because_check,
add constraint kpi_value_unknown_because_check
check (
    unknown_because in (
        'source_missing', 'no_records', 'divided', 'province_missing', 'definitions_differ',
        'not_additive'
    )
) not valid;
comment on column mart.kpi_value.unit_level is
'country (in a national warehouse), province or commune.';
comment on column mart.kpi_value.unknown_because is
'Why the value is unknown. source_missing: a source has no data for the day; no_records: it has sent
no records for this territory; divided: the unit was formed from parts of divided units. Of sums in
a national warehouse, province_missing: a province has not published it; definitions_differ: a
province counts it by another definition; not_additive: a person may count in several provinces.
Null: the value is known.';
