-- Purpose:    how many records have errors of which group: those that disagree with the population
--             registry on the day, and those that were rejected in the 30 days up to it.
-- Grain:      one day, kind and group, over all provinces on the boundaries of the day.
-- Parameters: none.
-- Reads:      mart.dim_error_group, mart.error_count, mart.error_group_code, mart.kpi_latest.
-- Writes:     mart.error_group_count.
create or replace view mart.error_group_count with (security_invoker = true) as
with outcome as (
    select
        told.as_of_date,
        case told.kpi_code
            when 'quality.deceased_records' then 'deceased'
            else split_part(told.member_code, '/', 2)
        end as verdict,
        told.numerator as record_count,
        told.is_rounded
    from mart.kpi_latest as told
    where
        told.unit_level = 'province'
        and told.boundary_version = 'as_reported'
        and (
            (told.kpi_code = 'quality.compared_records' and told.breakdown = 'outcome')
            or (told.kpi_code = 'quality.deceased_records' and told.breakdown = 'dataset')
        )
),

day as (
    select
        as_of_date,
        bool_or(is_rounded) as is_rounded
    from outcome
    group by as_of_date
),

counted as (
    -- 0 where no record has a verdict of the group; a group that verdicts cannot be of has no row.
    select
        day.as_of_date,
        'verdict' as kind,
        placed.group_code,
        coalesce(sum(outcome.record_count), 0)::bigint as record_count,
        coalesce(bool_or(outcome.is_rounded), day.is_rounded) as is_rounded
    from day
    inner join mart.error_group_code as placed on placed.kind = 'verdict'
    left join outcome on day.as_of_date = outcome.as_of_date and placed.code = outcome.verdict
    group by day.as_of_date, placed.group_code, day.is_rounded
    union all
    select
        said.as_of_date,
        'rejected' as kind,
        said.group_code,
        said.record_count,
        said.is_rounded
    from mart.error_count as said
    where
        said.revision = (
            select max(newest.revision)
            from mart.error_count as newest
            where newest.as_of_date = said.as_of_date
        )
)

select
    counted.as_of_date,
    counted.kind,
    counted.group_code,
    error_group.position,
    error_group.name_vi,
    error_group.name_en,
    error_group.sureness,
    counted.record_count,
    counted.is_rounded
from counted
inner join mart.dim_error_group as error_group on counted.group_code = error_group.group_code;

comment on view mart.error_group_count is
'Records with errors by group: mismatches of the day, and rejected ones of 30 days; rounded. |
Số bản ghi có lỗi theo nhóm lỗi, đã làm tròn.';
comment on column mart.error_group_count.as_of_date is 'The day.';
comment on column mart.error_group_count.kind is
'verdict: records that disagree with the registry; rejected: records in quarantine.';
comment on column mart.error_group_count.group_code is 'The group.';
comment on column mart.error_group_count.position is 'Order in which groups are shown.';
comment on column mart.error_group_count.name_vi is 'Name of the group in Vietnamese.';
comment on column mart.error_group_count.name_en is 'Name of the group in English.';
comment on column mart.error_group_count.sureness is
'Certainty of the group; ours: this project''s interpretation, until the group names in letter
4856/BCA-TTDLQG are known.';
comment on column mart.error_group_count.record_count is
'Number of records; for kind rejected, a record with errors of two groups is counted in both.';
comment on column mart.error_group_count.is_rounded is 'True: rounded, or a sum of rounded counts.';

grant select on mart.error_group_count to dean06_bi;
