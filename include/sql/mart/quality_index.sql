-- Purpose:    the data quality index: the weighted mean of its qualities, or why there is none. A
--             unit or source of which a quality is hidden, rounded to nothing or does not apply has
--             no index: it would be ranked by what happens to be shown of it.
-- Grain:      one day, boundaries and unit (source empty), and per province one source.
-- Parameters: none.
-- Reads:      mart.dim_member, mart.kpi_definition, mart.kpi_latest, mart.quality_weight.
-- Writes:     mart.quality_index.
create or replace view mart.quality_index with (security_invoker = true) as
with measured as (
    select
        definition.kpi_code,
        array_agg(distinct source.source_code) as source_codes
    from mart.kpi_definition as definition
    cross join unnest(definition.source_codes) as source (source_code)
    group by definition.kpi_code
),

part as (
    select
        told.as_of_date,
        told.boundary_version,
        told.unit_level,
        told.unit_code,
        told.unit_name,
        told.unit_name_en,
        case when told.breakdown = '' then '' else split_part(told.member_code, '.', 1) end
            as source_code,
        weight.valid_from,
        weight.dimension,
        weight.position,
        weight.name_vi,
        weight.name_en,
        weight.weight,
        weight.is_assumed,
        weight.note_vi,
        weight.note_en,
        weight.noted_on,
        sum(told.numerator) / nullif(sum(told.denominator), 0) as share,
        case
            when bool_and(scope.is_left_out) then 'không áp dụng đối với nguồn này'
            else min(told.reason_vi)
        end as reason_vi,
        case
            when bool_and(scope.is_left_out) then 'does not apply to this source'
            else min(told.reason_en)
        end as reason_en,
        bool_or(told.is_rounded) as is_rounded
    from mart.kpi_latest as told
    inner join mart.quality_weight as weight
        on
            weight.valid_from = (
                select max(since.valid_from)
                from mart.quality_weight as since
                where since.valid_from <= told.as_of_date
            )
            and (
                (told.breakdown = '' and told.kpi_code = weight.kpi_code)
                or (
                    told.breakdown in ('dataset', 'source')
                    and told.unit_level = 'province'
                    and told.kpi_code = weight.source_kpi_code
                )
            )
    left join measured on told.kpi_code = measured.kpi_code
    cross join
        lateral (
            -- Whether the definition of the KPI leaves out the source.
            select
                told.breakdown <> ''
                and split_part(told.member_code, '.', 1) <> all(measured.source_codes)
                    as is_left_out
        ) as scope
    group by
        told.as_of_date, told.boundary_version, told.unit_level, told.unit_code, told.unit_name,
        told.unit_name_en, source_code, weight.valid_from, weight.dimension, weight.position,
        weight.name_vi, weight.name_en, weight.weight, weight.is_assumed, weight.note_vi,
        weight.note_en, weight.noted_on
),

-- Parts that are missing for the same reason are named together.
missing as (
    select
        alike.as_of_date,
        alike.boundary_version,
        alike.unit_level,
        alike.unit_code,
        alike.source_code,
        string_agg(alike.names_vi || ': ' || alike.reason_vi, '; ' order by alike.position)
            as reason_vi,
        string_agg(alike.names_en || ': ' || alike.reason_en, '; ' order by alike.position)
            as reason_en
    from (
        select
            as_of_date,
            boundary_version,
            unit_level,
            unit_code,
            source_code,
            coalesce(reason_vi, 'không phát sinh') as reason_vi,
            coalesce(reason_en, 'nothing to count') as reason_en,
            string_agg(name_vi, ', ' order by position) as names_vi,
            string_agg(name_en, ', ' order by position) as names_en,
            min(position) as position
        from part
        where share is null
        group by
            as_of_date, boundary_version, unit_level, unit_code, source_code, reason_vi, reason_en
    ) as alike
    group by
        alike.as_of_date, alike.boundary_version, alike.unit_level, alike.unit_code,
        alike.source_code
),

asked as (
    select
        valid_from,
        count(*) as dimension_count
    from mart.quality_weight
    group by valid_from
),

total as (
    select
        part.as_of_date,
        part.boundary_version,
        part.unit_level,
        part.unit_code,
        part.unit_name,
        part.unit_name_en,
        part.source_code,
        max(part.share) filter (where part.dimension = 'accurate') as accurate_share,
        max(part.share) filter (where part.dimension = 'complete') as complete_share,
        max(part.share) filter (where part.dimension = 'clean') as clean_share,
        max(part.share) filter (where part.dimension = 'timely') as timely_share,
        max(part.share) filter (where part.dimension = 'consistent') as consistent_share,
        sum(part.weight * part.share) as weighted,
        count(part.share) = min(asked.dimension_count) as is_whole,
        string_agg(
            lower(part.name_vi) || ' ' || replace(trim_scale(part.weight)::text, '.', ','), '; '
            order by part.position
        ) as weights_vi,
        string_agg(
            lower(part.name_en) || ' ' || trim_scale(part.weight), ', ' order by part.position
        ) as weights_en,
        bool_or(part.is_assumed) as is_assumed,
        min(part.note_vi) as note_vi,
        min(part.note_en) as note_en,
        max(part.noted_on) as noted_on,
        bool_or(part.is_rounded) as is_rounded
    from part
    inner join asked on part.valid_from = asked.valid_from
    group by
        part.as_of_date, part.boundary_version, part.unit_level, part.unit_code, part.unit_name,
        part.unit_name_en, part.source_code
)

select
    total.as_of_date,
    total.boundary_version,
    total.unit_level,
    total.unit_code,
    total.unit_name,
    total.source_code,
    round(total.accurate_share, 6) as accurate_share,
    round(total.complete_share, 6) as complete_share,
    round(total.clean_share, 6) as clean_share,
    round(total.timely_share, 6) as timely_share,
    round(total.consistent_share, 6) as consistent_share,
    case when total.is_whole then round(total.weighted, 6) end as index_share,
    case
        when not total.is_whole
            then coalesce(missing.reason_vi, 'chưa công bố đủ các thành phần')
    end as reason_vi,
    case when not total.is_whole then coalesce(missing.reason_en, 'not all parts are published') end
        as reason_en,
    total.weights_vi,
    total.weights_en,
    total.is_assumed,
    total.note_vi,
    total.note_en,
    total.noted_on,
    total.is_rounded,
    total.unit_name_en,
    case
        when total.source_code = '' then 'All sources'
        else coalesce(source.name_en, total.source_code)
    end as source_name_en,
    case
        when total.source_code = '' then 'Tất cả nguồn'
        else coalesce(source.name_vi, total.source_code)
    end as source_name_vi
from total
left join mart.dim_member as source
    on source.breakdown = 'source' and total.source_code = source.member_code
left join missing
    on
        total.as_of_date = missing.as_of_date
        and total.boundary_version = missing.boundary_version
        and total.unit_level = missing.unit_level
        and total.unit_code = missing.unit_code
        and total.source_code = missing.source_code;

comment on view mart.quality_index is
'Data quality index by unit and by source: weighted mean of its qualities, or why there is none. |
Chỉ số chất lượng dữ liệu (DQI).';
comment on column mart.quality_index.as_of_date is 'The day.';
comment on column mart.quality_index.boundary_version is
'as_reported or current boundaries. Choose one.';
comment on column mart.quality_index.unit_level is 'province or commune. Choose one.';
comment on column mart.quality_index.unit_code is 'Code of the unit.';
comment on column mart.quality_index.unit_name is 'Its name.';
comment on column mart.quality_index.source_code is
'Empty: all sources; else the source, of the province only.';
comment on column mart.quality_index.accurate_share is
'Accuracy (đúng). Never add up or average over units: they differ in size.';
comment on column mart.quality_index.complete_share is
'Completeness (đủ). Never add up or average over units: they differ in size.';
comment on column mart.quality_index.clean_share is
'Cleanliness (sạch). Never add up or average over units: they differ in size.';
comment on column mart.quality_index.timely_share is
'Timeliness (sống); null: the source has no events, so it does not apply. Never add up or average
over units: they differ in size.';
comment on column mart.quality_index.consistent_share is
'Consistency (thống nhất); for a source: share of persons on whom it disagrees with no other
source. Never add up or average over units: they differ in size.';
comment on column mart.quality_index.index_share is
'Sum of weights times shares, from 0 to 1; null: a part is missing. Never add up or average over
units: they differ in size.';
comment on column mart.quality_index.reason_vi is
'Why there is no index, in Vietnamese; null: there is one.';
comment on column mart.quality_index.reason_en is
'Why there is no index, in English; null: there is one.';
comment on column mart.quality_index.weights_vi is 'Weight of each part, in Vietnamese.';
comment on column mart.quality_index.weights_en is 'Weight of each part, in English.';
comment on column mart.quality_index.is_assumed is 'True: weights are assumed, not known.';
comment on column mart.quality_index.note_vi is
'Where the weights come from, in Vietnamese.';
comment on column mart.quality_index.note_en is 'Where the weights come from, in English.';
comment on column mart.quality_index.noted_on is
'Day on which the weights were recorded or assumed.';
comment on column mart.quality_index.is_rounded is
'True: made of counts that are rounded (docs/decisions/0033).';
comment on column mart.quality_index.unit_name_en is 'Its name with the kind of unit in English.';
comment on column mart.quality_index.source_name_en is 'Name of the source in English.';
comment on column mart.quality_index.source_name_vi is 'Name of the source in Vietnamese.';

grant select on mart.quality_index to dean06_bi, dean06_bi_province;
