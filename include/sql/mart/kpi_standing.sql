-- Purpose:    one status for each KPI and unit: that of the target in force which is due first; of
--             several due on one day, of the one that it is farthest from (docs/decisions/0054).
-- Grain:      one day, KPI and unit that has a target; totals only.
-- Parameters: none.
-- Reads:      mart.kpi_status.
-- Writes:     mart.kpi_standing.
create or replace view mart.kpi_standing with (security_invoker = true) as
select distinct on (judged.as_of_date, judged.kpi_code, judged.unit_level, judged.unit_code)
    judged.as_of_date,
    judged.kpi_code,
    judged.unit_level,
    judged.unit_code,
    judged.target_id,
    judged.name_en as target_name_en,
    judged.name_vi as target_name_vi,
    judged.operator as target_operator,
    judged.target,
    judged.ends_on as target_due_on,
    judged.status,
    judged.status_en,
    judged.status_vi,
    count(*) over (
        partition by judged.as_of_date, judged.kpi_code, judged.unit_level, judged.unit_code
    ) as target_count,
    judged.unit_name,
    judged.unit_name_en
from mart.kpi_status as judged
where judged.breakdown = ''
order by
    judged.as_of_date asc,
    judged.kpi_code asc,
    judged.unit_level asc,
    judged.unit_code asc,
    judged.status = 'not_applicable' asc,
    judged.ends_on asc,
    array_position(array['missed', 'behind', 'open', 'on_track', 'met'], judged.status) asc,
    coalesce(judged.share_reached, 1) asc,
    judged.target_id asc;

comment on view mart.kpi_standing is
'One status for each KPI and unit on each day: the target that determines it, and the number of
targets (docs/decisions/0054). | Tình trạng của chỉ tiêu.';
comment on column mart.kpi_standing.as_of_date is 'Day that the value describes.';
comment on column mart.kpi_standing.kpi_code is 'The indicator; each code has one period.';
comment on column mart.kpi_standing.unit_level is 'province or commune.';
comment on column mart.kpi_standing.unit_code is 'Code of the unit.';
comment on column mart.kpi_standing.target_id is 'The target that determines the status.';
comment on column mart.kpi_standing.target_name_en is 'Its name in English.';
comment on column mart.kpi_standing.target_name_vi is 'Its name in Vietnamese.';
comment on column mart.kpi_standing.target_operator is
'Comparison of the value with the target: >= or <=.';
comment on column mart.kpi_standing.target is
'Value that the KPI must reach, in its unit. Do not add.';
comment on column mart.kpi_standing.target_due_on is 'Day on which the target is due.';
comment on column mart.kpi_standing.status is
'met, on_track, behind, missed, open or not_applicable, as in mart.kpi_status.';
comment on column mart.kpi_standing.status_en is 'The status in English.';
comment on column mart.kpi_standing.status_vi is 'The status in Vietnamese.';
comment on column mart.kpi_standing.target_count is
'Targets of this KPI and unit; more than one: mart.kpi_status has the others. Do not add.';
comment on column mart.kpi_standing.unit_name is 'Name of the unit on that day.';
comment on column mart.kpi_standing.unit_name_en is 'Its name with the kind of unit in English.';

grant select on mart.kpi_standing to dean06_bi, dean06_bi_province;
