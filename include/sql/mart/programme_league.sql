-- Purpose:    owners of the programme's tasks by the share done on time of those due.
-- Grain:      one day, unit and owner.
-- Parameters: none.
-- Reads:      mart.kpi_latest.
-- Writes:     mart.programme_league.
create or replace view mart.programme_league with (security_invoker = true) as
with owner as (
    select
        as_of_date,
        unit_code,
        member_code as owner_code,
        min(member_name_vi) as owner_name_vi,
        min(member_name_en) as owner_name_en,
        min(unit_name) as unit_name,
        min(unit_name_en) as unit_name_en,
        coalesce(sum(numerator) filter (where kpi_code = 'programme.tasks'), 0) as task_count,
        coalesce(sum(denominator) filter (where kpi_code = 'programme.tasks_on_time'), 0)
            as due_count,
        coalesce(sum(numerator) filter (where kpi_code = 'programme.tasks_on_time'), 0)
            as on_time_count
    from mart.kpi_latest
    where
        kpi_code in ('programme.tasks', 'programme.tasks_on_time')
        and breakdown = 'owner'
        and boundary_version = 'as_reported'
    group by as_of_date, unit_code, member_code
)

select
    owner.as_of_date,
    owner.unit_code,
    owner.owner_code,
    owner.owner_name_vi,
    owner.task_count,
    owner.due_count,
    owner.on_time_count,
    round(owner.on_time_count / nullif(owner.due_count, 0), 6) as on_time_share,
    case
        when owner.due_count > 0
            then
                rank() over (
                    partition by owner.as_of_date, owner.unit_code, owner.due_count > 0
                    order by owner.on_time_count / nullif(owner.due_count, 0) desc
                )
    end as league_rank,
    owner.owner_name_en,
    owner.unit_name,
    owner.unit_name_en
from owner;

comment on view mart.programme_league is
'Agencies that own tasks of the programme, ranked by the share of due tasks completed on time. |
Bảng xếp hạng đơn vị.';
comment on column mart.programme_league.as_of_date is 'Day of the values.';
comment on column mart.programme_league.unit_code is 'Code of the province.';
comment on column mart.programme_league.owner_code is 'Agency that owns the tasks.';
comment on column mart.programme_league.owner_name_vi is 'Its name in Vietnamese, or its code.';
comment on column mart.programme_league.task_count is
'Tasks it owns. Add only within one as_of_date: each day counts the same tasks again.';
comment on column mart.programme_league.due_count is
'Of these, the ones due by the day. Add only within one as_of_date: each day counts the same tasks
again.';
comment on column mart.programme_league.on_time_count is
'Of these, tasks completed on time. Add only within one as_of_date: each day counts the same
tasks again.';
comment on column mart.programme_league.on_time_share is
'Tasks completed on time divided by tasks due: the KPI programme.tasks_on_time. Dossiers on time are
another KPI, service.on_time_share. Null: no task is due. Never add up or average: divide the sum of
on_time_count by the sum of due_count.';
comment on column mart.programme_league.league_rank is
'1 is best; ties share a rank and the following ranks are skipped; null: none is due.';
comment on column mart.programme_league.owner_name_en is 'Its name in English, or its code.';
comment on column mart.programme_league.unit_name is 'Name of the province.';
comment on column mart.programme_league.unit_name_en is
'Its name with the kind of unit in English.';

grant select on mart.programme_league to dean06_bi, dean06_bi_province;
