-- Purpose:    published values of the newest day beside those of the day that it is compared with.
--             Reads two publications, whatever the number of days.
-- Grain:      one KPI and unit of the newest day: province or commune; totals, as reported.
-- Parameters: none.
-- Reads:      mart.dim_admin_unit, mart.kpi_compared_day, mart.kpi_definition, mart.kpi_value.
-- Writes:     mart.kpi_now_value.
create or replace view mart.kpi_now_value with (security_invoker = true) as
-- Materialized: what two publications hold is known only when they are read, and the planner would
-- join them value by value.
with day as materialized (
    select *
    from mart.kpi_compared_day
),

definition as materialized (
    select
        known.kpi_code,
        known.kpi_version,
        known.period in ('month', 'quarter', 'year')
        and mart.period_start(known.period, known.counts_from, day.as_of_date)
        <> mart.period_start(known.period, known.counts_from, day.compared_on)
            as has_begun_again
    from mart.kpi_definition as known
    cross join day
),

both_days as materialized (
    select
        value.*,
        true as is_now
    from day
    inner join mart.kpi_value as value on day.publication_id = value.publication_id
    where value.boundary_version = 'as_reported' and value.breakdown = ''
    union all
    select
        value.*,
        false as is_now
    from day
    inner join mart.kpi_value as value on day.compared_publication_id = value.publication_id
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
    select
        unit.unit_level,
        unit.unit_code,
        -- Above a commune stands its district; since these ended, its province.
        case when unit.unit_level = 'commune' then nullif(unit.parent_code, unit.province_code) end
            as district_code,
        unit.province_code,
        unit.valid_from
    from day
    inner join mart.dim_admin_unit as unit
        on
            day.as_of_date >= unit.valid_from
            and (unit.valid_to is null or day.as_of_date < unit.valid_to)
    where unit.province_code = any(array(select distinct told.province_code from told))
)

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
    coalesce(told.counted_on, day.as_of_date) as counted_on,
    case when told.is_rounded then day.off_by else 0 end as off_by_at_most,
    told.missing_reason,
    told.part_codes,
    told.numerator_before,
    told.denominator_before,
    told.value_before,
    case
        when told.version_before is null then 'not_published'
        when told.kpi_version <> told.version_before then 'other_formula'
        when
            unit.valid_from > day.compared_on
            or coalesce(told.part_codes, '{}') <> coalesce(told.parts_before, '{}')
            then 'other_boundaries'
        when definition.has_begun_again then 'other_period'
        when told.missing_reason is not null then told.missing_reason
        when told.missing_before is not null then told.missing_before
        when told.is_rounded and told.counted_on <= day.compared_on then 'not_counted_again'
    end as not_compared
from told
cross join day
inner join definition
    on told.kpi_code = definition.kpi_code and told.kpi_version = definition.kpi_version
left join place as unit
    on told.unit_level = unit.unit_level and told.unit_code = unit.unit_code;

comment on view mart.kpi_now_value is
'Values of provinces and communes on the newest published day beside those of the day compared,
without names; mart.kpi_now has names, districts and targets. | Số liệu mới nhất và số liệu của ngày
so sánh.';
comment on column mart.kpi_now_value.kpi_code is 'The indicator.';
comment on column mart.kpi_now_value.kpi_version is 'Version of its definition.';
comment on column mart.kpi_now_value.unit_level is
'province or commune. Choose one before you add values: a province includes its communes.';
comment on column mart.kpi_now_value.unit_code is 'Code of the unit.';
comment on column mart.kpi_now_value.district_code is 'District of a commune; null: it has none.';
comment on column mart.kpi_now_value.province_code is 'Province of the unit.';
comment on column mart.kpi_now_value.numerator is
'What was counted; null: see missing_reason. Add only within one kpi_code and one unit_level, and
only if mart.kpi_definition.additivity allows it.';
comment on column mart.kpi_now_value.denominator is
'Number of items considered. Add only under the same conditions as the numerator.';
comment on column mart.kpi_now_value.value is
'Numerator, or share. Never add up or average shares: divide the sum of numerators by the sum of
denominators.';
comment on column mart.kpi_now_value.is_rounded is 'True: a rounded count by commune.';
comment on column mart.kpi_now_value.counted_on is
'Day on which a rounded count was last updated.';
comment on column mart.kpi_now_value.off_by_at_most is
'Largest possible difference between the numerator and the exact count on counted_on. In a sum of
numerators these differences add up.';
comment on column mart.kpi_now_value.missing_reason is
'Why there is no value, as in mart.missing_reason; null: there is one.';
comment on column mart.kpi_now_value.part_codes is
'Former provinces that the value covers, of a merged one; null: all of the unit.';
comment on column mart.kpi_now_value.numerator_before is
'Numerator of the day compared. Add only under the same conditions as the numerator.';
comment on column mart.kpi_now_value.denominator_before is
'Denominator of the day compared. Add only under the same conditions as the numerator.';
comment on column mart.kpi_now_value.value_before is
'Value of the day compared. Never add up or average shares.';
comment on column mart.kpi_now_value.not_compared is
'Why the two values must not be compared, as in mart.not_compared_reason; null: they can be.';

grant select on mart.kpi_now_value to dean06_bi, dean06_bi_province;
