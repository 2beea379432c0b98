-- Purpose:    names in both languages: units, members that were only listed in files, weekdays,
--             fields of procedures, ratios of metrics. Migrate fills them from include/reference.
-- Grain:      one column.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table mart.dim_admin_unit add column unit_name_en text not null default '';
comment on column mart.dim_admin_unit.unit_name_en is
'The name with the kind of unit in English: "Mỹ Tho city", "ward 1".';

alter table mart.dim_member add column is_always_shown boolean not null default true;
comment on table mart.dim_member is
'Members of breakdowns by name. | Thành phần phân tổ.';
comment on column mart.dim_member.is_always_shown is
'True: the member is shown with 0 when nothing was counted; False: it is shown only with a count.';

alter table mart.dim_date add column weekday_en text generated always as (
    (array['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])[weekday]
) stored;
comment on column mart.dim_date.weekday_en is 'Day of the week in English.';

alter table mart.dim_procedure add column field_en text;
comment on column mart.dim_procedure.field_en is 'Field of administration, in English.';

alter table mart.dim_service_metric add column ratio_en text not null default '';
comment on column mart.dim_service_metric.ratio_en is 'The ratio in words, in English.';

-- Comments that warn where a sum would mislead.
comment on column mart.kpi_value.numerator is
'What was counted; null: suppressed or unknown (missing_reason). Add only within one publication_id,
boundary_version, breakdown, kpi_code and unit_level, and only if additivity in mart.kpi_definition
allows it.';
comment on column mart.kpi_value.denominator is
'Number of items considered; null: the KPI has no denominator, or it is suppressed. Add it as the
numerator.';
comment on column mart.kpi_value.value is
'Null when there is no value; then missing_reason says why. Never add up or average shares.';
comment on column mart.kpi_revision_cause.row_count is
'Rows with this cause, dated up to the day; null: too few to be shown (docs/decisions/0021). Add
only within one kpi_code and publication_id: one row can change several KPIs.';
comment on column mart.kpi_target.value is
'Target in the unit of the KPI; with base_kpi_code, a share of that KPI''s value on the same day. Do
not add.';
comment on column mart.kpi_target.scale is
'Factor by which value is multiplied: 1, or less if only a part of a province is simulated. Do not
add.';
comment on column mart.service_rule.full_at is
'Ratio from which the part gives its maximum points. Do not add.';
