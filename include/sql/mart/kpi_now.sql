-- Purpose:    the newest published day on one page: every KPI by unit and period with names,
--             target, status, change since a week ago, and what is hidden counted beside it
--             (docs/decisions/0053).
-- Grain:      one KPI (a code has one period) and unit: province, district or commune.
-- Parameters: none.
-- Reads:      mart.kpi_compared_day, mart.kpi_definition, mart.kpi_now_unit, mart.kpi_standing,
--             mart.kpi_value, mart.missing_reason, mart.not_compared_reason, mart.period_word,
--             mart.unit_now.
-- Writes:     mart.kpi_now.
create or replace view mart.kpi_now with (security_invoker = true) as
with day as materialized (
    select *
    from mart.kpi_compared_day
),

definition as materialized (
    select
        known.*,
        mart.period_start(known.period, known.counts_from, day.as_of_date) as period_starts_on
    from mart.kpi_definition as known
    cross join day
),

place as materialized (
    select unit.*
    from mart.unit_now as unit
    -- An array, which reaches the units before they are given names.
    where
        unit.province_code = any(
            array(
                select distinct value.province_code
                from mart.kpi_value as value
                where
                    value.publication_id = (select day.publication_id from day)
                    and value.unit_level = 'province'
                    and value.boundary_version = 'as_reported'
                    and value.breakdown = ''
            )
        )
),

standing as materialized (
    select judged.*
    from mart.kpi_standing as judged
    where judged.as_of_date = (select day.as_of_date from day)
)

select
    day.as_of_date,
    listed.kpi_code,
    definition.base_code,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    definition.additivity,
    definition.period,
    word.period_en,
    word.period_vi,
    definition.period_starts_on,
    listed.unit_level,
    listed.unit_code,
    unit.unit_name,
    unit.unit_name_en,
    unit.unit_full_name,
    unit.unit_full_name_en,
    unit.district_code,
    unit.district_name,
    listed.province_code,
    unit.province_name,
    listed.numerator,
    listed.denominator,
    listed.value,
    listed.is_rounded,
    listed.off_by_at_most,
    listed.counted_on,
    listed.missing_reason,
    missing.reason_en,
    missing.reason_vi,
    listed.commune_count,
    listed.hidden_commune_count,
    listed.no_value_commune_count,
    standing.target_id,
    standing.target_name_en,
    standing.target_name_vi,
    standing.target_operator,
    standing.target,
    standing.target_due_on,
    standing.status,
    standing.status_en,
    standing.status_vi,
    standing.target_count,
    day.compared_on,
    case when listed.not_compared is null then listed.value_before end as value_before,
    case when listed.not_compared is null then listed.value - listed.value_before end as change,
    listed.not_compared,
    uncompared.reason_en as not_compared_en,
    uncompared.reason_vi as not_compared_vi,
    listed.part_codes,
    unit.is_unknown,
    definition.position,
    day.publication_id,
    day.published_at,
    unit.district_name_en,
    unit.province_name_en,
    listed.share_off_by_at_most
from mart.kpi_now_unit as listed
cross join day
inner join definition
    on listed.kpi_code = definition.kpi_code and listed.kpi_version = definition.kpi_version
left join place as unit
    on listed.unit_level = unit.unit_level and listed.unit_code = unit.unit_code
left join standing
    on
        listed.kpi_code = standing.kpi_code
        and listed.unit_level = standing.unit_level
        and listed.unit_code = standing.unit_code
left join mart.missing_reason as missing on listed.missing_reason = missing.missing_reason
left join mart.not_compared_reason as uncompared on listed.not_compared = uncompared.not_compared
left join mart.period_word as word on definition.period = word.period;

comment on view mart.kpi_now is
'The newest published day: every KPI by unit and period, with names, target, status, change since a
week ago, and the number of suppressed communes. Units are those of that day. | Số liệu mới nhất
theo chỉ tiêu, đơn vị và kỳ báo cáo.';
comment on column mart.kpi_now.as_of_date is
'Day that the value describes: the newest published one.';
comment on column mart.kpi_now.kpi_code is 'The indicator; each code has one period.';
comment on column mart.kpi_now.base_code is
'Code shared by the codes of this KPI for different periods. Choose a period too: a year includes
its months.';
comment on column mart.kpi_now.name_en is 'Name of the KPI in English.';
comment on column mart.kpi_now.name_vi is 'Name of the KPI in Vietnamese.';
comment on column mart.kpi_now.unit is 'What is counted; share: 0 to 1.';
comment on column mart.kpi_now.additivity is
'additive: numerators of units of one level can be added; ratio: add numerators and denominators,
not shares; non_additive: add nothing, because a person may be counted in two units.';
comment on column mart.kpi_now.period is
'Days that the value covers: day, last_30_days, month, quarter, year, since_start.';
comment on column mart.kpi_now.period_en is 'The period in English words.';
comment on column mart.kpi_now.period_vi is 'The period in Vietnamese words.';
comment on column mart.kpi_now.period_starts_on is
'First day that the value covers; the last one is as_of_date; null: cumulative, no first day.';
comment on column mart.kpi_now.unit_level is
'province, district or commune. Choose one before you add values: each level includes the one below
it.';
comment on column mart.kpi_now.unit_code is
'Code of the unit, unique within its level. Districts exist until 2025-06-30, and only for KPIs that
can be added over communes.';
comment on column mart.kpi_now.unit_name is
'Official name. Several units can share one (Phường 1): group by unit_code or unit_full_name.';
comment on column mart.kpi_now.unit_name_en is 'The name with the kind of unit in English.';
comment on column mart.kpi_now.unit_full_name is 'Name with district and province.';
comment on column mart.kpi_now.unit_full_name_en is 'The same with kinds of units in English.';
comment on column mart.kpi_now.district_code is 'District of the unit; null: it has none.';
comment on column mart.kpi_now.district_name is 'Name of the district.';
comment on column mart.kpi_now.province_code is 'Province of the unit.';
comment on column mart.kpi_now.province_name is 'Name of the province.';
comment on column mart.kpi_now.numerator is
'What was counted; null: see missing_reason. Add only within one kpi_code and one unit_level, and
only if additivity allows it.';
comment on column mart.kpi_now.denominator is
'Number of items considered. Add only within one kpi_code and one unit_level, and only if
additivity allows it.';
comment on column mart.kpi_now.value is
'Numerator, or share; a district has a share only if rounding can move it by at most 0.05. Never add
up or average shares: divide the sum of numerators by the sum of denominators, and only if the sum
of off_by_at_most divided by the sum of denominators is small enough.';
comment on column mart.kpi_now.is_rounded is
'True: a rounded count by commune, or by district a sum of rounded counts (docs/decisions/0053).
Their sum is only approximately the province''s exact count.';
comment on column mart.kpi_now.off_by_at_most is
'Largest possible difference between the numerator and the exact count on counted_on; 0: the
numerator is exact. In a sum of numerators these differences add up.';
comment on column mart.kpi_now.counted_on is
'Day on which a rounded count was last updated; for a district, the earliest such day of its
communes.';
comment on column mart.kpi_now.missing_reason is
'Why there is no value, as in mart.missing_reason; null: there is one.';
comment on column mart.kpi_now.reason_en is 'The reason in English words.';
comment on column mart.kpi_now.reason_vi is 'The reason in Vietnamese words.';
comment on column mart.kpi_now.commune_count is
'Communes of the province or district that have a row of this KPI, without the row of records whose
commune is unknown; null: a commune, or a KPI that is not published by commune. Do not add: a
province counts the communes of its districts again, and each KPI the same communes.';
comment on column mart.kpi_now.hidden_commune_count is
'Of these, communes whose value is suppressed because it is small: they are missing from a sum of
communes. Do not add: a province counts the communes of its districts again, and each KPI the same
communes.';
comment on column mart.kpi_now.no_value_commune_count is
'Of these, communes without a value for any reason, including suppression. Do not add: a province
counts the communes of its districts again, and each KPI the same communes.';
comment on column mart.kpi_now.target_id is
'Target that determines the status: the one in force that is due first; null: the KPI has no target
for this unit.';
comment on column mart.kpi_now.target_name_en is 'Name of the target in English.';
comment on column mart.kpi_now.target_name_vi is 'Name of the target in Vietnamese.';
comment on column mart.kpi_now.target_operator is
'Comparison of the value with the target: >= or <=.';
comment on column mart.kpi_now.target is 'Value that the KPI must reach, in its unit. Do not add.';
comment on column mart.kpi_now.target_due_on is 'Day on which the target is due.';
comment on column mart.kpi_now.status is
'met, on_track, behind, missed, open or not_applicable, as in mart.kpi_status.';
comment on column mart.kpi_now.status_en is 'The status in English.';
comment on column mart.kpi_now.status_vi is 'The status in Vietnamese.';
comment on column mart.kpi_now.target_count is
'Targets of this KPI and unit; more than one: mart.kpi_status has the others. Do not add.';
comment on column mart.kpi_now.compared_on is
'Day of the earlier value: the latest published day that is 7 to 90 days before as_of_date; if there
is none, the earliest published day that is 1 to 6 days before it; null: neither exists.';
comment on column mart.kpi_now.value_before is
'Value of that day; null: not compared. Never add up or average shares.';
comment on column mart.kpi_now.change is
'Difference from value_before; null: see not_compared. For rounded counts it is approximate: both
values may be off by off_by_at_most. Add only where the numerator may be added, never of shares.';
comment on column mart.kpi_now.not_compared is
'Why they are not compared, as in mart.not_compared_reason: other_period: the count restarted.';
comment on column mart.kpi_now.not_compared_en is 'The reason in English words.';
comment on column mart.kpi_now.not_compared_vi is 'The reason in Vietnamese words.';
comment on column mart.kpi_now.part_codes is
'For a merged province, the former provinces that the value covers; null: all of the unit.';
comment on column mart.kpi_now.is_unknown is
'True: not a commune, but records whose current commune is unknown. Leave this row out of
rankings.';
comment on column mart.kpi_now.position is 'Order in which KPIs are shown.';
comment on column mart.kpi_now.publication_id is 'Publication it comes from.';
comment on column mart.kpi_now.published_at is 'When it was published.';
comment on column mart.kpi_now.district_name_en is
'Name of the district with its kind in English.';
comment on column mart.kpi_now.province_name_en is
'Name of the province with its kind in English.';
comment on column mart.kpi_now.share_off_by_at_most is
'Largest possible difference between the share and the exact one on counted_on: off_by_at_most /
denominator, at most 1; null: an exact share, or no denominator. Do not add.';

grant select on mart.kpi_now to dean06_bi, dean06_bi_province;
