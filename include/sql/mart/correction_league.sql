-- Purpose:    agencies by the share of records that they corrected in time, of those that were due.
-- Grain:      one day and source, as published last; an empty source for all of them.
-- Parameters: none.
-- Reads:      mart.correction_count, mart.dim_member.
-- Writes:     mart.correction_league.
create or replace view mart.correction_league with (security_invoker = true) as
with latest as (
    select
        as_of_date,
        max(revision) as revision
    from mart.correction_count
    group by as_of_date
),

counted as (
    select
        said.as_of_date,
        said.source_code,
        bool_or(said.is_rounded) as is_rounded,
        sum(said.case_count) filter (where said.measure = 'open') as open_count,
        sum(said.case_count) filter (where said.measure = 'overdue') as overdue_count,
        sum(said.case_count) filter (where said.measure = 'closed_in_time')
            as closed_in_time_count,
        sum(said.case_count) filter (where said.measure = 'closed_late') as closed_late_count
    from mart.correction_count as said
    inner join latest
        on said.as_of_date = latest.as_of_date and said.revision = latest.revision
    group by said.as_of_date, said.source_code
),

shared as (
    select
        counted.*,
        round(
            counted.closed_in_time_count
            / nullif(
                counted.closed_in_time_count + counted.closed_late_count + counted.overdue_count, 0
            ),
            6
        ) as in_time_share
    from counted
)

select
    shared.as_of_date,
    shared.source_code,
    shared.is_rounded,
    shared.open_count,
    shared.overdue_count,
    shared.closed_in_time_count,
    shared.closed_late_count,
    shared.in_time_share,
    case
        when shared.source_code <> '' and shared.in_time_share is not null
            then
                rank() over (
                    partition by
                        shared.as_of_date,
                        shared.source_code <> '' and shared.in_time_share is not null
                    order by shared.in_time_share desc
                )
    end as league_rank,
    case
        when shared.source_code = '' then 'All agencies'
        else coalesce(agency.name_en, shared.source_code)
    end as agency_name_en,
    case
        when shared.source_code = '' then 'Tất cả cơ quan'
        else coalesce(agency.name_vi, shared.source_code)
    end as agency_name_vi
from shared
left join mart.dim_member as agency
    on agency.breakdown = 'agency' and shared.source_code = agency.member_code;

comment on view mart.correction_league is
'Agencies by the share of due records corrected on time; counts are rounded. |
Bảng xếp hạng cơ quan theo tỷ lệ chỉnh sửa đúng hạn.';
comment on column mart.correction_league.as_of_date is
'Day up to which deliveries are counted.';
comment on column mart.correction_league.source_code is 'Source; empty: all sources.';
comment on column mart.correction_league.is_rounded is
'True: counts are rounded and need not add up (docs/decisions/0033).';
comment on column mart.correction_league.open_count is 'Cases that are open.';
comment on column mart.correction_league.overdue_count is 'Of these, cases after their deadline.';
comment on column mart.correction_league.closed_in_time_count is
'How often a record was corrected or withdrawn by its deadline.';
comment on column mart.correction_league.closed_late_count is
'How often a record was corrected or withdrawn after its deadline.';
comment on column mart.correction_league.in_time_share is
'Cases closed on time divided by all cases closed on time, closed late or overdue; null: nothing was
due. Not the share of tasks or dossiers done on time.';
comment on column mart.correction_league.league_rank is
'1 is best; ties share a rank; null: nothing was due.';
comment on column mart.correction_league.agency_name_en is
'The agency that delivers the source, in English.';
comment on column mart.correction_league.agency_name_vi is
'The agency that delivers the source, in Vietnamese.';

grant select on mart.correction_league to dean06_bi;
