-- Purpose:    the newest published day on one page: every KPI by unit and period with names,
--             target, status, change since a week ago, and what is hidden counted beside it
--             (docs/decisions/0053). Reads two publications, whatever the number of days.
-- Grain:      one KPI (a code has one period) and unit: province, district or commune.
-- Parameters: none.
-- Reads:      mart.kpi_definition, mart.kpi_publication, mart.kpi_standing, mart.kpi_value,
--             mart.missing_reason, mart.period_word, mart.unit_now.
-- Writes:     mart.kpi_now.
create or replace view mart.kpi_now with (security_invoker = true) as
-- Materialized: what two publications hold is known only when they are read, and the planner would
-- join them value by value.
with newest as materialized (
    select
        publication_id,
        as_of_date,
        published_at,
        -- Counts by commune are rounded to twice this (docs/decisions/0033).
        case when smallest_shown > 1 then 2 * smallest_shown - 1 else 0 end as off_by
    from mart.kpi_publication
    order by as_of_date desc, publication_id desc
    limit 1
),

-- As on the page of KPIs (docs/decisions/0054): the last day a week or more back, else the first.
compared as materialized (
    select
        earlier.as_of_date as compared_on,
        max(earlier.publication_id) as publication_id
    from mart.kpi_publication as earlier
    where
        earlier.as_of_date = (
            select
                coalesce(
                    max(each.as_of_date) filter (
                        where each.as_of_date <= newest.as_of_date - 7
                    ),
                    min(each.as_of_date)
                )
            from newest
            inner join mart.kpi_publication as each
                on
                    each.as_of_date >= newest.as_of_date - 90
                    and newest.as_of_date > each.as_of_date
        )
    group by earlier.as_of_date
),

definition as materialized (
    select
        known.*,
        mart.period_start(known.period, known.counts_from, newest.as_of_date) as period_starts_on,
        known.period in ('month', 'quarter', 'year')
        and mart.period_start(known.period, known.counts_from, newest.as_of_date)
        <> mart.period_start(known.period, known.counts_from, compared.compared_on)
            as has_begun_again
    from mart.kpi_definition as known
    cross join newest
    left join compared on true
),

both_days as materialized (
    select
        value.*,
        true as is_now
    from newest
    inner join mart.kpi_value as value on newest.publication_id = value.publication_id
    where value.boundary_version = 'as_reported' and value.breakdown = ''
    union all
    select
        value.*,
        false as is_now
    from compared
    inner join mart.kpi_value as value on compared.publication_id = value.publication_id
    where value.boundary_version = 'as_reported' and value.breakdown = ''
),

-- Sorted, not joined: PostgreSQL does not know how many values a day has, and compared each of one
-- day with each of the other.
told as materialized (
    select *
    from (
        select
            *,
            lag(kpi_version) over by_unit as version_before,
            lag(numerator) over by_unit as numerator_before,
            lag(denominator) over by_unit as denominator_before,
            lag(value) over by_unit as value_before,
            lag(part_codes) over by_unit as parts_before,
            lag(missing_reason) over by_unit as missing_before
        from both_days
        window by_unit as (partition by kpi_code, unit_level, unit_code order by is_now)
    ) as paired
    where is_now
),

place as materialized (
    select unit.*
    from mart.unit_now as unit
    -- An array, which reaches the units before they are given names.
    where unit.province_code = any(array(select distinct told.province_code from told))
),

reported as materialized (
    select
        told.kpi_code,
        told.kpi_version,
        told.unit_level,
        told.unit_code,
        unit.district_code,
        unit.province_code,
        told.numerator,
        told.denominator,
        told.value,
        told.is_rounded,
        coalesce(told.counted_on, newest.as_of_date) as counted_on,
        case when told.is_rounded then newest.off_by else 0 end as off_by_at_most,
        told.missing_reason,
        told.part_codes,
        told.numerator_before,
        told.denominator_before,
        told.value_before,
        case
            when told.version_before is null then 'not_published'
            when told.kpi_version <> told.version_before then 'other_formula'
            when
                unit.valid_from > compared.compared_on
                or coalesce(told.part_codes, '{}') <> coalesce(told.parts_before, '{}')
                then 'other_boundaries'
            when definition.has_begun_again then 'other_period'
            when told.missing_reason is not null then told.missing_reason
            when told.missing_before is not null then told.missing_before
            when told.is_rounded and told.counted_on <= compared.compared_on
                then 'not_counted_again'
        end as not_compared
    from told
    cross join newest
    inner join definition
        on told.kpi_code = definition.kpi_code and told.kpi_version = definition.kpi_version
    left join compared on true
    left join place as unit
        on told.unit_level = unit.unit_level and told.unit_code = unit.unit_code
),

-- Of published numbers alone: a district reveals nothing that its communes do not.
district as (
    select
        commune.kpi_code,
        commune.kpi_version,
        'district' as unit_level,
        commune.district_code as unit_code,
        commune.district_code,
        commune.province_code,
        case when bool_and(commune.numerator is not null) then sum(commune.numerator) end
            as numerator,
        case when bool_and(commune.denominator is not null) then sum(commune.denominator) end
            as denominator,
        bool_or(commune.is_rounded) as is_rounded,
        min(commune.counted_on) as counted_on,
        sum(commune.off_by_at_most) as off_by_at_most,
        coalesce(
            min(commune.missing_reason) filter (where commune.missing_reason = 'hidden'),
            min(commune.missing_reason) filter (where commune.numerator is null)
        ) as missing_reason,
        case when bool_and(commune.numerator_before is not null) then sum(commune.numerator_before)
        end as numerator_before,
        case
            when bool_and(commune.denominator_before is not null)
                then sum(commune.denominator_before)
        end as denominator_before,
        -- A commune of nothing has no share, and its district may have one.
        min(commune.not_compared) filter (
            where commune.not_compared not in ('rounded_to_nothing', 'nothing_to_count')
        ) as not_compared
    from reported as commune
    inner join definition
        on commune.kpi_code = definition.kpi_code and commune.kpi_version = definition.kpi_version
    where
        commune.unit_level = 'commune'
        and commune.district_code is not null
        and definition.additivity in ('additive', 'ratio')
    group by
        commune.kpi_code, commune.kpi_version, commune.district_code, commune.province_code
),

listed as (
    select
        kpi_code,
        kpi_version,
        unit_level,
        unit_code,
        numerator,
        denominator,
        value,
        is_rounded,
        counted_on,
        off_by_at_most,
        missing_reason,
        part_codes,
        value_before,
        not_compared
    from reported
    union all
    select
        district.kpi_code,
        district.kpi_version,
        district.unit_level,
        district.unit_code,
        district.numerator::bigint,
        district.denominator::bigint,
        case
            when not definition.has_denominator then district.numerator
            else round(district.numerator / nullif(district.denominator, 0), 6)
        end as value,
        district.is_rounded,
        district.counted_on,
        district.off_by_at_most::integer,
        case
            when district.denominator = 0 and district.is_rounded then 'rounded_to_nothing'
            when district.denominator = 0 then 'nothing_to_count'
            else district.missing_reason
        end as missing_reason,
        null::text[] as part_codes,
        case
            when not definition.has_denominator then district.numerator_before
            else round(district.numerator_before / nullif(district.denominator_before, 0), 6)
        end as value_before,
        case
            when district.not_compared is not null then district.not_compared
            when district.denominator = 0 or district.denominator_before = 0
                then 'nothing_to_count'
        end as not_compared
    from district
    inner join definition
        on district.kpi_code = definition.kpi_code and district.kpi_version = definition.kpi_version
),

-- How many communes stand behind a province or district, and of how many nothing is shown.
beside as (
    select
        commune.kpi_code,
        above.unit_level,
        above.unit_code,
        count(*) as commune_count,
        count(*) filter (where commune.missing_reason = 'hidden') as hidden_commune_count,
        count(*) filter (where commune.value is null) as no_value_commune_count
    from reported as commune
    cross join
        lateral (
            values
            ('province', commune.province_code), ('district', commune.district_code)
        ) as above (unit_level, unit_code)
    where commune.unit_level = 'commune' and above.unit_code is not null
    group by commune.kpi_code, above.unit_level, above.unit_code
),

standing as materialized (
    select judged.*
    from mart.kpi_standing as judged
    where judged.as_of_date = (select newest.as_of_date from newest)
)

select
    newest.as_of_date,
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
    unit.province_code,
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
    beside.commune_count,
    beside.hidden_commune_count,
    beside.no_value_commune_count,
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
    compared.compared_on,
    case when listed.not_compared is null then listed.value_before end as value_before,
    case when listed.not_compared is null then listed.value - listed.value_before end as change,
    listed.not_compared,
    coalesce(uncompared.reason_en, own.reason_en) as not_compared_en,
    coalesce(uncompared.reason_vi, own.reason_vi) as not_compared_vi,
    listed.part_codes,
    unit.is_unknown,
    definition.position,
    newest.publication_id,
    newest.published_at
from listed
cross join newest
inner join definition
    on listed.kpi_code = definition.kpi_code and listed.kpi_version = definition.kpi_version
left join compared on true
left join place as unit
    on listed.unit_level = unit.unit_level and listed.unit_code = unit.unit_code
left join beside
    on
        listed.kpi_code = beside.kpi_code
        and listed.unit_level = beside.unit_level
        and listed.unit_code = beside.unit_code
left join standing
    on
        listed.kpi_code = standing.kpi_code
        and listed.unit_level = standing.unit_level
        and listed.unit_code = standing.unit_code
left join mart.missing_reason as missing on listed.missing_reason = missing.missing_reason
left join mart.missing_reason as uncompared on listed.not_compared = uncompared.missing_reason
left join mart.period_word as word on definition.period = word.period
left join (
    values
    (
        'not_published',
        'no value is published for that day',
        'chưa công bố số liệu của ngày so sánh'
    ),
    (
        'other_formula',
        'the formula has changed since',
        'công thức tính đã thay đổi'
    ),
    (
        'other_boundaries',
        'the unit had other boundaries',
        'địa giới hành chính đã thay đổi'
    ),
    (
        'other_period',
        'a new month, quarter or year has begun',
        'đã sang kỳ báo cáo mới'
    ),
    (
        'not_counted_again',
        'the count by commune has not been updated since then',
        'số liệu ít thay đổi nên chưa công bố lại ở cấp xã'
    )
) as own (reason_code, reason_en, reason_vi) on listed.not_compared = own.reason_code;

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
'Number of items considered; the rules for adding the numerator apply to it too.';
comment on column mart.kpi_now.value is
'Numerator, or share. Never add up or average shares: divide the sum of numerators by the sum of
denominators.';
comment on column mart.kpi_now.is_rounded is
'True: a rounded count by commune, or by district a sum of rounded counts (docs/decisions/0053).
Their sum is only approximately the province''s exact count.';
comment on column mart.kpi_now.off_by_at_most is
'Largest possible difference between the numerator and the exact count on counted_on; 0: the
numerator is exact.';
comment on column mart.kpi_now.counted_on is
'Day on which a rounded count was last updated; for a district, the earliest such day of its
communes.';
comment on column mart.kpi_now.missing_reason is
'Why there is no value, as in mart.missing_reason; null: there is one.';
comment on column mart.kpi_now.reason_en is 'The reason in English words.';
comment on column mart.kpi_now.reason_vi is 'The reason in Vietnamese words.';
comment on column mart.kpi_now.commune_count is
'Communes of the province or district that have a row of this KPI; null: a commune, or a KPI that
is not published by commune.';
comment on column mart.kpi_now.hidden_commune_count is
'Of these, communes whose value is suppressed because it is small: they are missing from a sum of
communes.';
comment on column mart.kpi_now.no_value_commune_count is
'Of these, communes without a value for any reason, including suppression.';
comment on column mart.kpi_now.target_id is
'Target that determines the status: the one in force that is due first; null: the KPI has no target
for this unit.';
comment on column mart.kpi_now.target_name_en is 'Name of the target in English.';
comment on column mart.kpi_now.target_name_vi is 'Name of the target in Vietnamese.';
comment on column mart.kpi_now.target_operator is
'Comparison of the value with the target: >= or <=.';
comment on column mart.kpi_now.target is 'Value that the KPI must reach, in its unit.';
comment on column mart.kpi_now.target_due_on is 'Day on which the target is due.';
comment on column mart.kpi_now.status is
'met, on_track, behind, missed, open or not_applicable, as in mart.kpi_status.';
comment on column mart.kpi_now.status_en is 'The status in English.';
comment on column mart.kpi_now.status_vi is 'The status in Vietnamese.';
comment on column mart.kpi_now.target_count is
'Targets of this KPI and unit; more than one: mart.kpi_status has the others.';
comment on column mart.kpi_now.compared_on is
'Day of the earlier value: the last published day that is 7 to 90 days earlier; if there is none,
the earliest published day of the last week; null: there is none.';
comment on column mart.kpi_now.value_before is 'Value of that day; null: not compared.';
comment on column mart.kpi_now.change is
'Difference from value_before; null: see not_compared. For rounded counts it is approximate: both
values may be off by off_by_at_most.';
comment on column mart.kpi_now.not_compared is
'Why they are not compared: not_published, other_formula, other_boundaries, other_period (the count
restarted), not_counted_again; else as in mart.missing_reason.';
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

grant select on mart.kpi_now to dean06_bi, dean06_bi_province;
