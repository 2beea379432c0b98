-- Purpose:    values of the latest publication of every day, with names. A question about one day
--             reads the publications of that day only (docs/decisions/0025).
-- Grain:      one KPI, day, unit, boundaries and member.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.former_province, mart.kpi_definition,
--             mart.kpi_publication, mart.kpi_value, mart.missing_reason, mart.period_word.
-- Writes:     mart.kpi_latest.
create or replace view mart.kpi_latest with (security_invoker = true) as
select
    -- Of the publication, not of the value: a condition on the day reaches the publications.
    latest.as_of_date,
    value.kpi_code,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    value.unit_level,
    value.unit_code,
    unit.unit_name,
    value.boundary_version,
    value.breakdown,
    value.member_code,
    coalesce(member.name_vi, value.member_code) as member_name_vi,
    value.numerator,
    value.denominator,
    value.value,
    value.publication_id,
    publication.published_at,
    definition.position,
    member.position as member_position,
    value.is_suppressed,
    value.province_code,
    value.is_rounded,
    coalesce(value.counted_on, latest.as_of_date) as counted_on,
    value.missing_reason,
    reason.reason_en,
    reason.reason_vi,
    value.part_codes,
    case
        when value.part_codes is not null
            then (
                select
                    concat(
                        'former ',
                        string_agg(part.unit_name_en, ', ' order by part.unit_code),
                        ' only'
                    )
                from mart.former_province as part
                where part.unit_code = any(value.part_codes)
            )
    end as covered_en,
    case
        when value.part_codes is not null
            then (
                select
                    concat(
                        'chỉ gồm ',
                        string_agg(part.unit_name, ', ' order by part.unit_code),
                        ' (cũ)'
                    )
                from mart.former_province as part
                where part.unit_code = any(value.part_codes)
            )
    end as covered_vi,
    definition.base_code,
    definition.period,
    mart.period_start(definition.period, definition.counts_from, latest.as_of_date)
        as period_starts_on,
    word.period_en,
    word.period_vi,
    unit.unit_name_en,
    coalesce(member.name_en, value.member_code) as member_name_en
from mart.kpi_value as value
inner join (
    select
        newest.as_of_date,
        max(newest.publication_id) as publication_id
    from mart.kpi_publication as newest
    group by newest.as_of_date
) as latest on value.publication_id = latest.publication_id
inner join mart.kpi_publication as publication
    on value.publication_id = publication.publication_id
inner join mart.kpi_definition as definition
    on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        value.unit_level = unit.unit_level
        and value.unit_code = unit.unit_code
        and case value.boundary_version
            when 'current' then unit.valid_to is null
            else
                latest.as_of_date >= unit.valid_from
                and (unit.valid_to is null or latest.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on value.breakdown = member.breakdown and value.member_code = member.member_code
left join mart.missing_reason as reason on value.missing_reason = reason.missing_reason
left join mart.period_word as word on definition.period = word.period;

comment on view mart.kpi_latest is
'The latest publication of every day, with names. | Giá trị công bố mới nhất của từng ngày.';
comment on column mart.kpi_latest.as_of_date is 'Day of the value.';
comment on column mart.kpi_latest.kpi_code is 'The indicator.';
comment on column mart.kpi_latest.name_en is 'Name in English.';
comment on column mart.kpi_latest.name_vi is 'Name in Vietnamese.';
comment on column mart.kpi_latest.unit is 'What is counted.';
comment on column mart.kpi_latest.unit_level is 'province or commune.';
comment on column mart.kpi_latest.unit_code is 'Code of the unit.';
comment on column mart.kpi_latest.unit_name is
'Name of the unit: on that day as reported, today''s on current boundaries.';
comment on column mart.kpi_latest.boundary_version is
'as_reported: units as they were on the day; current: the newest boundaries. Choose one.';
comment on column mart.kpi_latest.breakdown is 'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_latest.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_latest.member_name_vi is
'Name of the member in Vietnamese, or its code.';
comment on column mart.kpi_latest.numerator is
'What was counted; null: suppressed. Add only within one as_of_date, boundary_version, breakdown,
kpi_code and unit_level, and only if additivity in mart.kpi_definition allows it.';
comment on column mart.kpi_latest.denominator is
'Number of items considered; null where nothing is compared.
Add only under the same conditions as the numerator.';
comment on column mart.kpi_latest.value is
'Numerator, or share; null: not applicable, or suppressed. Never add up or average shares: divide
the sum of numerators by the sum of denominators.';
comment on column mart.kpi_latest.publication_id is 'Publication it comes from.';
comment on column mart.kpi_latest.published_at is 'When it was published.';
comment on column mart.kpi_latest.position is 'Order in which KPIs are shown.';
comment on column mart.kpi_latest.member_position is 'Order in which members are shown.';
comment on column mart.kpi_latest.is_suppressed is
'True: suppressed, because it is a count of too few persons or would reveal such a count.';
comment on column mart.kpi_latest.province_code is 'Province that the unit lies in.';
comment on column mart.kpi_latest.is_rounded is
'True: a count by commune or member, rounded (docs/decisions/0033); such counts need not add up.';
comment on column mart.kpi_latest.counted_on is
'Day on which a rounded count was last updated; it is updated only after enough changes.';
comment on column mart.kpi_latest.missing_reason is
'Why there is no value: source_missing, no_records, divided, hidden, rounded_to_nothing or
nothing_to_count; null: there is one.';
comment on column mart.kpi_latest.reason_en is 'The reason in English words.';
comment on column mart.kpi_latest.reason_vi is 'The reason in Vietnamese words.';
comment on column mart.kpi_latest.part_codes is
'Former provinces that the value covers; null: all of the unit.';
comment on column mart.kpi_latest.covered_en is
'Which part of a merged province the value covers, in English; null: all of it.';
comment on column mart.kpi_latest.covered_vi is
'Which part of a merged province the value covers, in Vietnamese; null: all of it.';
comment on column mart.kpi_latest.base_code is
'Code shared by the codes of this KPI for different periods.';
comment on column mart.kpi_latest.period is
'Days that the value covers: day, last_30_days, month, quarter, year, since_start.';
comment on column mart.kpi_latest.period_starts_on is
'First day that the value covers; the last one is as_of_date; null: cumulative, no first day.';
comment on column mart.kpi_latest.period_en is 'The period in English words.';
comment on column mart.kpi_latest.period_vi is 'The period in Vietnamese words.';
comment on column mart.kpi_latest.unit_name_en is 'Name with the kind of unit in English.';
comment on column mart.kpi_latest.member_name_en is
'Name of the member in English, or its code.';

grant select on mart.kpi_latest to dean06_bi, dean06_bi_province;
