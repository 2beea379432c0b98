-- Purpose:    values of closed periods: as they were closed, as they are now, and what had reached
--             the KPI in between where they were revised. Of a month those of its month, and states
--             and totals since the beginning on its last day; of a quarter and a year likewise.
-- Grain:      one value of the publication that closed a period.
-- Parameters: none.
-- Reads:      mart.closed_period, mart.dim_admin_unit, mart.dim_member, mart.kpi_definition,
--             mart.kpi_publication, mart.kpi_revision_cause, mart.kpi_revision_reason,
--             mart.kpi_value, mart.period_word.
-- Writes:     mart.closed_period_value.
create or replace view mart.closed_period_value with (security_invoker = true) as
select
    closed.period,
    closed.first_day,
    closed.last_day,
    closed.closed_at,
    closed.publication_id,
    newest.publication_id as publication_id_now,
    then_value.kpi_code,
    definition.period as value_period,
    then_value.kpi_version,
    now_value.kpi_version as kpi_version_now,
    then_value.unit_level,
    then_value.unit_code,
    then_value.boundary_version,
    then_value.breakdown,
    then_value.member_code,
    then_value.numerator as numerator_at_closing,
    then_value.denominator as denominator_at_closing,
    then_value.value as value_at_closing,
    then_value.missing_reason as missing_at_closing,
    now_value.numerator as numerator_now,
    now_value.denominator as denominator_now,
    now_value.value as value_now,
    now_value.missing_reason as missing_now,
    change.is_revised,
    case
        when change.is_revised
            then (
                select
                    string_agg(
                        concat_ws(
                            ' ',
                            cause.cause,
                            nullif(cause.dataset_code, ''),
                            coalesce(cause.row_count::text, 'few')
                        ),
                        '; '
                        order by cause.publication_id, cause.cause, cause.dataset_code
                    )
                from mart.kpi_revision_cause as cause
                inner join mart.kpi_publication as later
                    on cause.publication_id = later.publication_id
                where
                    later.as_of_date = closed.last_day
                    and later.publication_id > closed.publication_id
                    and cause.kpi_code = then_value.kpi_code
            )
    end as causes,
    word.period_en,
    word.period_vi,
    definition.name_en,
    definition.name_vi,
    definition.unit,
    unit.unit_name,
    unit.unit_name_en,
    coalesce(member.name_en, then_value.member_code) as member_name_en,
    coalesce(member.name_vi, then_value.member_code) as member_name_vi,
    case
        when change.is_revised
            then (
                select
                    string_agg(
                        reason.told_en,
                        '; '
                        order by reason.publication_id, reason.cause, reason.dataset_code
                    )
                from mart.kpi_revision_reason as reason
                inner join mart.kpi_publication as later
                    on reason.publication_id = later.publication_id
                where
                    later.as_of_date = closed.last_day
                    and later.publication_id > closed.publication_id
                    and reason.kpi_code = then_value.kpi_code
            )
    end as causes_en,
    case
        when change.is_revised
            then (
                select
                    string_agg(
                        reason.told_vi,
                        '; '
                        order by reason.publication_id, reason.cause, reason.dataset_code
                    )
                from mart.kpi_revision_reason as reason
                inner join mart.kpi_publication as later
                    on reason.publication_id = later.publication_id
                where
                    later.as_of_date = closed.last_day
                    and later.publication_id > closed.publication_id
                    and reason.kpi_code = then_value.kpi_code
            )
    end as causes_vi
from mart.closed_period as closed
inner join (
    select
        publication.as_of_date,
        max(publication.publication_id) as publication_id
    from mart.kpi_publication as publication
    group by publication.as_of_date
) as newest on closed.last_day = newest.as_of_date
inner join mart.kpi_value as then_value on closed.publication_id = then_value.publication_id
inner join mart.kpi_definition as definition
    on
        then_value.kpi_code = definition.kpi_code
        and then_value.kpi_version = definition.kpi_version
        and definition.period in (closed.period, 'day', 'last_30_days', 'since_start')
left join mart.kpi_value as now_value
    on
        newest.publication_id = now_value.publication_id
        and then_value.kpi_code = now_value.kpi_code
        and then_value.unit_level = now_value.unit_level
        and then_value.unit_code = now_value.unit_code
        and then_value.boundary_version = now_value.boundary_version
        and then_value.breakdown = now_value.breakdown
        and then_value.member_code = now_value.member_code
cross join
    lateral (
        -- A number that is not shown is none that is.
        select
            coalesce(then_value.numerator, -1) <> coalesce(now_value.numerator, -1)
            or coalesce(then_value.denominator, -1) <> coalesce(now_value.denominator, -1)
            or coalesce(now_value.kpi_version <> then_value.kpi_version, true) as is_revised
    ) as change
left join mart.dim_admin_unit as unit
    on
        then_value.unit_level = unit.unit_level
        and then_value.unit_code = unit.unit_code
        and case then_value.boundary_version
            when 'current' then unit.valid_to is null
            else
                closed.last_day >= unit.valid_from
                and (unit.valid_to is null or closed.last_day < unit.valid_to)
        end
left join mart.dim_member as member
    on
        then_value.breakdown = member.breakdown and then_value.member_code = member.member_code
left join mart.period_word as word on closed.period = word.period;

comment on view mart.closed_period_value is
'Values of closed periods: at closing, now, and why they were revised. | Số liệu đã chốt và điều
chỉnh sau khi chốt.';
comment on column mart.closed_period_value.period is 'The closed period: month, quarter or year.';
comment on column mart.closed_period_value.first_day is 'Its first day.';
comment on column mart.closed_period_value.last_day is 'Its last day.';
comment on column mart.closed_period_value.closed_at is 'When it was closed.';
comment on column mart.closed_period_value.publication_id is 'Publication that closed it.';
comment on column mart.closed_period_value.publication_id_now is
'Newest publication of its last day.';
comment on column mart.closed_period_value.kpi_code is 'The indicator.';
comment on column mart.closed_period_value.value_period is
'Days that the value covers: the closed period; or, for KPIs of other periods, day, last_30_days or
since_start as of its last day.';
comment on column mart.closed_period_value.kpi_version is 'Version of the definition at closing.';
comment on column mart.closed_period_value.kpi_version_now is
'Current version of the definition; if it differs from kpi_version, the values are not comparable.';
comment on column mart.closed_period_value.unit_level is 'province or commune.';
comment on column mart.closed_period_value.unit_code is 'Code of the unit.';
comment on column mart.closed_period_value.boundary_version is
'as_reported or current. Choose one.';
comment on column mart.closed_period_value.breakdown is
'Empty for a total; else what it is broken down by.';
comment on column mart.closed_period_value.member_code is 'Empty for a total; else the member.';
comment on column mart.closed_period_value.numerator_at_closing is
'What was counted at closing. Add only within one period, boundary_version, breakdown, kpi_code and
unit_level, and only if additivity in mart.kpi_definition allows it.';
comment on column mart.closed_period_value.denominator_at_closing is
'Denominator at closing. Add only under the same conditions as the numerator.';
comment on column mart.closed_period_value.value_at_closing is
'Numerator, or share, at closing. Never add up or average shares.';
comment on column mart.closed_period_value.missing_at_closing is
'Why there was no value at closing, as in mart.missing_reason.';
comment on column mart.closed_period_value.numerator_now is
'What is counted now. Add only within one period, boundary_version, breakdown, kpi_code and
unit_level, and only if additivity in mart.kpi_definition allows it.';
comment on column mart.closed_period_value.denominator_now is
'Current denominator. Add only under the same conditions as the numerator.';
comment on column mart.closed_period_value.value_now is
'Numerator, or share, now. Never add up or average shares.';
comment on column mart.closed_period_value.missing_now is 'Why there is no value now.';
comment on column mart.closed_period_value.is_revised is
'True: a later publication of the last day changed it.';
comment on column mart.closed_period_value.causes is
'Causes of the revision, as in mart.kpi_revision; null: not revised.';
comment on column mart.closed_period_value.period_en is 'The period in English words.';
comment on column mart.closed_period_value.period_vi is 'The period in Vietnamese words.';
comment on column mart.closed_period_value.name_en is 'Name of the KPI in English.';
comment on column mart.closed_period_value.name_vi is 'Name of the KPI in Vietnamese.';
comment on column mart.closed_period_value.unit is 'What is counted; share: 0 to 1.';
comment on column mart.closed_period_value.unit_name is
'Name of the unit: on that day as reported, today''s on current boundaries.';
comment on column mart.closed_period_value.unit_name_en is
'Its name with the kind of unit in English.';
comment on column mart.closed_period_value.member_name_en is
'Name of the member in English, or its code.';
comment on column mart.closed_period_value.member_name_vi is
'Name of the member in Vietnamese, or its code.';
comment on column mart.closed_period_value.causes_en is
'The causes in English words, with the names of datasets and numbers of records.';
comment on column mart.closed_period_value.causes_vi is
'The causes in Vietnamese words, with the names of datasets and numbers of records.';

grant select on mart.closed_period_value to dean06_bi;
