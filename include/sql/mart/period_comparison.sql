-- Purpose:    whole months, quarters and years beside the one before. Empty, with the reason, where
--             the two are not comparable.
-- Grain:      one value of the last day of a period, latest publication.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.kpi_definition, mart.kpi_publication,
--             mart.kpi_value, mart.missing_reason, mart.period_word.
-- Writes:     mart.period_comparison.
create or replace view mart.period_comparison with (security_invoker = true) as
with latest as not materialized (
    select
        publication.as_of_date,
        max(publication.publication_id) as publication_id
    from mart.kpi_publication as publication
    group by publication.as_of_date
),

ended as not materialized (
    select
        latest.as_of_date,
        value.kpi_code,
        value.kpi_version,
        definition.base_code,
        definition.period,
        definition.counts_from,
        date_trunc(definition.period, latest.as_of_date::timestamp)::date as first_day,
        value.unit_level,
        value.unit_code,
        value.boundary_version,
        value.breakdown,
        value.member_code,
        value.numerator,
        value.denominator,
        value.value,
        value.missing_reason,
        value.is_rounded,
        value.part_codes
    from latest
    inner join mart.kpi_value as value on latest.publication_id = value.publication_id
    inner join mart.kpi_definition as definition
        on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
    where
        definition.period in ('month', 'quarter', 'year')
        and date_trunc(definition.period, latest.as_of_date::timestamp)
        <> date_trunc(definition.period, (latest.as_of_date + 1)::timestamp)
),

compared as (
    select
        ended.*,
        before.numerator as numerator_before,
        before.denominator as denominator_before,
        before.value as value_before,
        case
            when before.kpi_code is null then 'not_published'
            when before.kpi_version <> ended.kpi_version then 'other_formula'
            when
                coalesce(before.part_codes, '{}') <> coalesce(ended.part_codes, '{}')
                or (
                    ended.boundary_version = 'as_reported'
                    and not exists (
                        select from mart.dim_admin_unit as unit
                        where
                            unit.unit_level = ended.unit_level
                            and unit.unit_code = ended.unit_code
                            and unit.valid_from < ended.first_day
                            and (unit.valid_to is null or unit.valid_to > ended.as_of_date)
                    )
                )
                then 'other_boundaries'
            when
                ended.counts_from > date_trunc(
                    ended.period, (ended.first_day - 1)::timestamp
                )
                and ended.counts_from <= ended.as_of_date
                then 'other_days'
            when ended.missing_reason is not null then ended.missing_reason
            when before.missing_reason is not null then before.missing_reason
        end as not_compared
    from ended
    left join latest as day_before on ended.first_day - 1 = day_before.as_of_date
    left join mart.kpi_value as before
        on
            day_before.publication_id = before.publication_id
            and ended.kpi_code = before.kpi_code
            and ended.unit_level = before.unit_level
            and ended.unit_code = before.unit_code
            and ended.boundary_version = before.boundary_version
            and ended.breakdown = before.breakdown
            and ended.member_code = before.member_code
)

select
    compared.period,
    compared.first_day,
    compared.as_of_date as last_day,
    compared.kpi_code,
    compared.base_code,
    compared.unit_level,
    compared.unit_code,
    compared.boundary_version,
    compared.breakdown,
    compared.member_code,
    compared.value,
    case when compared.not_compared is null then compared.value_before end as value_before,
    case when compared.not_compared is null then compared.value - compared.value_before end
        as change,
    compared.not_compared,
    coalesce(missing.reason_en, own.reason_en) as reason_en,
    coalesce(missing.reason_vi, own.reason_vi) as reason_vi,
    compared.is_rounded,
    word.period_en,
    word.period_vi,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    unit.unit_name,
    unit.unit_name_en,
    coalesce(member.name_en, compared.member_code) as member_name_en,
    coalesce(member.name_vi, compared.member_code) as member_name_vi
from compared
inner join mart.kpi_definition as definition
    on compared.kpi_code = definition.kpi_code and compared.kpi_version = definition.kpi_version
left join mart.dim_admin_unit as unit
    on
        compared.unit_level = unit.unit_level
        and compared.unit_code = unit.unit_code
        and case compared.boundary_version
            when 'current' then unit.valid_to is null
            else
                compared.as_of_date >= unit.valid_from
                and (unit.valid_to is null or compared.as_of_date < unit.valid_to)
        end
left join mart.dim_member as member
    on compared.breakdown = member.breakdown and compared.member_code = member.member_code
left join mart.period_word as word on compared.period = word.period
left join mart.missing_reason as missing on compared.not_compared = missing.missing_reason
left join (
    values
    (
        'not_published',
        'no value is published for the previous period',
        'chưa công bố số liệu của kỳ trước'
    ),
    (
        'other_formula',
        'the formula has changed since the previous period',
        'công thức tính đã thay đổi so với kỳ trước'
    ),
    (
        'other_boundaries',
        'the unit had other boundaries in the previous period',
        'địa giới hành chính khác so với kỳ trước'
    ),
    (
        'other_days',
        'one of the two periods begins on the day the law took effect',
        'một trong hai kỳ tính từ ngày văn bản có hiệu lực, không tính từ đầu kỳ'
    )
) as own (reason_code, reason_en, reason_vi) on compared.not_compared = own.reason_code;

comment on view mart.period_comparison is
'Complete months, quarters and years compared with the previous one; where they cannot be compared,
the reason. | So sánh với kỳ trước.';
comment on column mart.period_comparison.period is 'month, quarter or year.';
comment on column mart.period_comparison.first_day is 'First day of the period.';
comment on column mart.period_comparison.last_day is 'Last day of the period.';
comment on column mart.period_comparison.kpi_code is 'The indicator.';
comment on column mart.period_comparison.base_code is
'Code shared by the codes of this KPI for different periods.';
comment on column mart.period_comparison.unit_level is 'province or commune.';
comment on column mart.period_comparison.unit_code is 'Code of the unit.';
comment on column mart.period_comparison.boundary_version is 'as_reported or current. Choose one.';
comment on column mart.period_comparison.breakdown is
'Empty for a total; else what it is broken down by.';
comment on column mart.period_comparison.member_code is 'Empty for a total; else the member.';
comment on column mart.period_comparison.value is
'Value of the period. Never add up or average shares; add counts only within one period,
boundary_version, kpi_code and unit_level, and only if additivity in mart.kpi_definition allows
it.';
comment on column mart.period_comparison.value_before is
'Value of the previous period; null: not compared. Never add up or average shares; add counts only
within one period, boundary_version, kpi_code and unit_level, and only if additivity in
mart.kpi_definition allows it.';
comment on column mart.period_comparison.change is
'The difference; null: not compared. Add only where the values may be added, never of shares.';
comment on column mart.period_comparison.not_compared is
'Why they are not compared: not_published, other_formula, other_boundaries, other_days; else as in
mart.missing_reason.';
comment on column mart.period_comparison.reason_en is 'The reason in English words.';
comment on column mart.period_comparison.reason_vi is 'The reason in Vietnamese words.';
comment on column mart.period_comparison.is_rounded is
'True: the values are rounded counts by commune or member, so their change is approximate.';
comment on column mart.period_comparison.period_en is 'The period in English words.';
comment on column mart.period_comparison.period_vi is 'The period in Vietnamese words.';
comment on column mart.period_comparison.name_en is 'Name of the KPI in English.';
comment on column mart.period_comparison.name_vi is 'Name of the KPI in Vietnamese.';
comment on column mart.period_comparison.unit is 'What is counted; share: 0 to 1.';
comment on column mart.period_comparison.unit_name is
'Name of the unit: on that day as reported, today''s on current boundaries.';
comment on column mart.period_comparison.unit_name_en is
'Its name with the kind of unit in English.';
comment on column mart.period_comparison.member_name_en is
'Name of the member in English, or its code.';
comment on column mart.period_comparison.member_name_vi is
'Name of the member in Vietnamese, or its code.';

grant select on mart.period_comparison to dean06_bi, dean06_bi_province;
