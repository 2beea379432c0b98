-- Purpose:    values of the newest day by province, district and commune, and how many communes are
--             hidden. A district is the sum of its communes' published counts, and has a share only
--             if their rounding moves it by at most five points (docs/decisions/0053).
-- Grain:      one KPI and unit of the newest day.
-- Parameters: none.
-- Reads:      mart.kpi_definition, mart.kpi_now_value.
-- Writes:     mart.kpi_now_unit.
create or replace view mart.kpi_now_unit with (security_invoker = true) as
with reported as materialized (
    select *
    from mart.kpi_now_value
),

-- Of published numbers alone: a district reveals nothing that its communes do not.
district as (
    select
        commune.kpi_code,
        commune.kpi_version,
        commune.district_code as unit_code,
        commune.province_code,
        definition.has_denominator,
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
    inner join mart.kpi_definition as definition
        on commune.kpi_code = definition.kpi_code and commune.kpi_version = definition.kpi_version
    where
        commune.unit_level = 'commune'
        and commune.district_code is not null
        and definition.additivity in ('additive', 'ratio')
    group by
        commune.kpi_code, commune.kpi_version, commune.district_code, commune.province_code,
        definition.has_denominator
),

judged as (
    select
        district.*,
        bound.share_off_by_at_most,
        coalesce(bound.share_off_by_at_most > 0.05, false) as is_too_rough,
        coalesce(
            mart.share_off_by_at_most(district.denominator_before, district.off_by_at_most) > 0.05,
            false
        ) as was_too_rough
    from district
    cross join lateral (
        select
            mart.share_off_by_at_most(district.denominator, district.off_by_at_most)
                as share_off_by_at_most
    ) as bound
),

listed as (
    select
        kpi_code,
        kpi_version,
        unit_level,
        unit_code,
        province_code,
        numerator,
        denominator,
        value,
        is_rounded,
        counted_on,
        off_by_at_most,
        missing_reason,
        part_codes,
        value_before,
        not_compared,
        mart.share_off_by_at_most(denominator, off_by_at_most) as share_off_by_at_most
    from reported
    union all
    select
        kpi_code,
        kpi_version,
        'district' as unit_level,
        unit_code,
        province_code,
        numerator::bigint,
        denominator::bigint,
        case
            when not has_denominator then numerator
            when not is_too_rough then round(numerator / nullif(denominator, 0), 6)
        end as value,
        is_rounded,
        counted_on,
        off_by_at_most::integer,
        case
            when denominator = 0 and is_rounded then 'rounded_to_nothing'
            when denominator = 0 then 'nothing_to_count'
            when is_too_rough then 'too_rough'
            else missing_reason
        end as missing_reason,
        null::text[] as part_codes,
        case
            when not has_denominator then numerator_before
            when not was_too_rough
                then round(numerator_before / nullif(denominator_before, 0), 6)
        end as value_before,
        case
            when not_compared is not null then not_compared
            when denominator = 0 or denominator_before = 0 then 'nothing_to_count'
            when is_too_rough or was_too_rough then 'too_rough'
        end as not_compared,
        share_off_by_at_most
    from judged
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
    where
        commune.unit_level = 'commune'
        and above.unit_code is not null
        -- Records whose commune is unknown are not a commune.
        and commune.unit_code <> concat(commune.province_code, ':unknown')
    group by commune.kpi_code, above.unit_level, above.unit_code
)

select
    listed.kpi_code,
    listed.kpi_version,
    listed.unit_level,
    listed.unit_code,
    listed.province_code,
    listed.numerator,
    listed.denominator,
    listed.value,
    listed.is_rounded,
    listed.counted_on,
    listed.off_by_at_most,
    listed.missing_reason,
    listed.part_codes,
    listed.value_before,
    listed.not_compared,
    beside.commune_count,
    beside.hidden_commune_count,
    beside.no_value_commune_count,
    listed.share_off_by_at_most
from listed
left join beside
    on
        listed.kpi_code = beside.kpi_code
        and listed.unit_level = beside.unit_level
        and listed.unit_code = beside.unit_code;

comment on view mart.kpi_now_unit is
'Values of provinces, districts and communes on the newest published day, without names;
mart.kpi_now has names and targets. | Số liệu mới nhất theo tỉnh, huyện, xã.';
comment on column mart.kpi_now_unit.kpi_code is 'The indicator.';
comment on column mart.kpi_now_unit.kpi_version is 'Version of its definition.';
comment on column mart.kpi_now_unit.unit_level is
'province, district or commune. Choose one before you add values: each level includes the one below
it.';
comment on column mart.kpi_now_unit.unit_code is 'Code of the unit, unique within its level.';
comment on column mart.kpi_now_unit.province_code is 'Province of the unit.';
comment on column mart.kpi_now_unit.numerator is
'What was counted; null: see missing_reason. Add only within one kpi_code and one unit_level, and
only if mart.kpi_definition.additivity allows it.';
comment on column mart.kpi_now_unit.denominator is
'Number of items considered. Add only under the same conditions as the numerator.';
comment on column mart.kpi_now_unit.value is
'Numerator, or share; a district has a share only if rounding can move it by at most 0.05. Never add
up or average shares: divide the sum of numerators by the sum of denominators, and only if the sum
of off_by_at_most divided by the sum of denominators is small enough.';
comment on column mart.kpi_now_unit.is_rounded is
'True: a rounded count by commune, or by district a sum of rounded counts.';
comment on column mart.kpi_now_unit.counted_on is
'Day on which a rounded count was last updated; for a district, the earliest such day of its
communes.';
comment on column mart.kpi_now_unit.off_by_at_most is
'Largest possible difference between the numerator and the exact count on counted_on. In a sum of
numerators these differences add up.';
comment on column mart.kpi_now_unit.missing_reason is
'Why there is no value, as in mart.missing_reason; null: there is one.';
comment on column mart.kpi_now_unit.part_codes is
'Former provinces that the value covers, of a merged one; null: all of the unit.';
comment on column mart.kpi_now_unit.value_before is
'Value of the day compared. Never add up or average shares.';
comment on column mart.kpi_now_unit.not_compared is
'Why the two values must not be compared, as in mart.not_compared_reason; null: they can be.';
comment on column mart.kpi_now_unit.commune_count is
'Communes of the province or district that have a row of this KPI, without the row of records whose
commune is unknown. Do not add: a province counts the communes of its districts again, and each KPI
counts the same communes.';
comment on column mart.kpi_now_unit.hidden_commune_count is
'Of these, communes whose value is suppressed because it is small. Do not add.';
comment on column mart.kpi_now_unit.no_value_commune_count is
'Of these, communes without a value for any reason. Do not add.';
comment on column mart.kpi_now_unit.share_off_by_at_most is
'Largest possible difference between the share and the exact one on counted_on: off_by_at_most /
denominator, at most 1; null: an exact share, or no denominator. Do not add.';

grant select on mart.kpi_now_unit to dean06_bi, dean06_bi_province;
