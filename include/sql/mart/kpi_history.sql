-- Purpose:    every value ever published, and for how long it was the latest one.
-- Grain:      one value of one publication.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.dim_member, mart.former_province, mart.kpi_definition,
--             mart.kpi_publication, mart.kpi_value, mart.missing_reason, mart.period_word.
-- Writes:     mart.kpi_history.
create or replace view mart.kpi_history with (security_invoker = true) as
select
    published.as_of_date,
    value.kpi_code,
    value.kpi_version,
    value.unit_level,
    value.unit_code,
    value.boundary_version,
    value.breakdown,
    value.member_code,
    value.numerator,
    value.denominator,
    value.value,
    published.publication_id,
    published.published_at,
    published.superseded_at,
    value.is_suppressed,
    value.is_rounded,
    coalesce(value.counted_on, published.as_of_date) as counted_on,
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
    mart.period_start(definition.period, definition.counts_from, published.as_of_date)
        as period_starts_on,
    word.period_en,
    word.period_vi,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    -- Looked up, not joined: who does not ask for names does not wait for them.
    (
        select unit.unit_name
        from mart.dim_admin_unit as unit
        where
            unit.unit_level = value.unit_level
            and unit.unit_code = value.unit_code
            and case value.boundary_version
                when 'current' then unit.valid_to is null
                else
                    unit.valid_from <= published.as_of_date
                    and (unit.valid_to is null or unit.valid_to > published.as_of_date)
            end
    ) as unit_name,
    (
        select unit.unit_name_en
        from mart.dim_admin_unit as unit
        where
            unit.unit_level = value.unit_level
            and unit.unit_code = value.unit_code
            and case value.boundary_version
                when 'current' then unit.valid_to is null
                else
                    unit.valid_from <= published.as_of_date
                    and (unit.valid_to is null or unit.valid_to > published.as_of_date)
            end
    ) as unit_name_en,
    coalesce(
        (
            select member.name_en
            from mart.dim_member as member
            where
                member.breakdown = value.breakdown and member.member_code = value.member_code
        ),
        value.member_code
    ) as member_name_en,
    coalesce(
        (
            select member.name_vi
            from mart.dim_member as member
            where
                member.breakdown = value.breakdown and member.member_code = value.member_code
        ),
        value.member_code
    ) as member_name_vi
from mart.kpi_value as value
inner join (
    select
        publication.publication_id,
        publication.as_of_date,
        publication.published_at,
        lead(publication.published_at) over (
            partition by publication.as_of_date order by publication.publication_id
        ) as superseded_at
    from mart.kpi_publication as publication
) as published on value.publication_id = published.publication_id
left join mart.kpi_definition as definition
    on value.kpi_code = definition.kpi_code and value.kpi_version = definition.kpi_version
left join mart.missing_reason as reason on value.missing_reason = reason.missing_reason
left join mart.period_word as word on definition.period = word.period;

comment on view mart.kpi_history is
'Every value ever published, and when it was current: to read what leaders saw at a given time,
choose the rows with published_at <= time, and superseded_at > time or empty. | Tất cả giá trị đã
công bố.';
comment on column mart.kpi_history.as_of_date is 'Day of the value.';
comment on column mart.kpi_history.kpi_code is 'The indicator.';
comment on column mart.kpi_history.kpi_version is 'Version of its definition.';
comment on column mart.kpi_history.unit_level is 'province or commune.';
comment on column mart.kpi_history.unit_code is 'Code of the unit.';
comment on column mart.kpi_history.boundary_version is 'Boundaries the unit belongs to.';
comment on column mart.kpi_history.breakdown is
'Empty for a total; else what it is broken down by.';
comment on column mart.kpi_history.member_code is 'Empty for a total; else the member counted.';
comment on column mart.kpi_history.numerator is
'What was counted; null: suppressed. Add only within one moment of publication and one as_of_date,
boundary_version, breakdown, kpi_code and unit_level, and only if additivity in mart.kpi_definition
allows it.';
comment on column mart.kpi_history.denominator is
'Number of items considered; null where nothing is compared.
Add only under the same conditions as the numerator.';
comment on column mart.kpi_history.value is
'Numerator, or share; null: not applicable. Never add up or average shares.';
comment on column mart.kpi_history.publication_id is 'Publication that contains it.';
comment on column mart.kpi_history.published_at is 'Time from which readers saw the value.';
comment on column mart.kpi_history.superseded_at is
'Time until which readers saw the value; empty: it is current.';
comment on column mart.kpi_history.is_suppressed is 'True: suppressed (docs/decisions/0021).';
comment on column mart.kpi_history.is_rounded is
'True: a count by commune or member, rounded (docs/decisions/0033); such counts need not add up.';
comment on column mart.kpi_history.counted_on is
'Day on which a rounded count was last updated; it is updated only after enough changes.';
comment on column mart.kpi_history.missing_reason is
'Why there is no value: source_missing, no_records, divided, hidden, rounded_to_nothing or
nothing_to_count; null: there is one.';
comment on column mart.kpi_history.reason_en is 'The reason in English words.';
comment on column mart.kpi_history.reason_vi is 'The reason in Vietnamese words.';
comment on column mart.kpi_history.part_codes is
'Former provinces that the value covers; null: all of the unit.';
comment on column mart.kpi_history.covered_en is
'Which part of a merged province the value covers, in English; null: all of it.';
comment on column mart.kpi_history.covered_vi is
'Which part of a merged province the value covers, in Vietnamese; null: all of it.';
comment on column mart.kpi_history.base_code is
'Code shared by the codes of this KPI for different periods.';
comment on column mart.kpi_history.period is
'Days that the value covers: day, last_30_days, month, quarter, year, since_start.';
comment on column mart.kpi_history.period_starts_on is
'First day that the value covers; the last one is as_of_date; null: cumulative, no first day.';
comment on column mart.kpi_history.period_en is 'The period in English words.';
comment on column mart.kpi_history.period_vi is 'The period in Vietnamese words.';
comment on column mart.kpi_history.name_en is 'Name of the KPI in English.';
comment on column mart.kpi_history.name_vi is 'Name of the KPI in Vietnamese.';
comment on column mart.kpi_history.unit is 'What is counted; share: 0 to 1.';
comment on column mart.kpi_history.unit_name is
'Name of the unit: on that day as reported, today''s on current boundaries.';
comment on column mart.kpi_history.unit_name_en is 'Its name with the kind of unit in English.';
comment on column mart.kpi_history.member_name_en is 'Name of the member in English, or its code.';
comment on column mart.kpi_history.member_name_vi is
'Name of the member in Vietnamese, or its code.';

grant select on mart.kpi_history to dean06_bi, dean06_bi_province;
