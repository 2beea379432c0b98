/*---
sources: [programme]
position: 80
group: 5
counts: rows
independent_by: record
located_by: province
small_cells: shown
kpis:
  - code: programme.tasks
    version: 2
    period: day
    name_en: Tasks of the plan
    name_vi: Nhiệm vụ, giải pháp trong kế hoạch
    unit: task
    grain: province
    additivity: additive
    has_denominator: false
    owner_agency: Cơ quan thường trực Đề án 06 của tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [owner, group, phase]
    formula_en: Number of tasks of the province's plan known by the end of the day.
    formula_vi: Số nhiệm vụ, giải pháp có trong kế hoạch của tỉnh tính đến hết ngày báo cáo.
  - code: programme.tasks_on_time
    version: 2
    period: since_start
    name_en: Tasks completed on time
    name_vi: Tỷ lệ nhiệm vụ hoàn thành đúng hạn
    unit: share
    grain: province
    additivity: ratio
    has_denominator: true
    owner_agency: Cơ quan thường trực Đề án 06 của tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [owner]
    formula_en: Share of the tasks due by the day that were completed on or before their deadline.
    formula_vi: Số nhiệm vụ hoàn thành trước hạn hoặc đúng hạn trên tổng số nhiệm vụ đến hạn tính
      đến ngày báo cáo.
---*/
-- Purpose:    whether the plan is complete, and whether agencies keep its deadlines.
-- Grain:      one row per version of a task and KPI, from the day it was written to the next one;
--             by deadlines from the deadline on.
-- Parameters: none.
-- Reads:      core.programme__task.
with known as (
    -- Its province by the code of then: since a reform the newest version may say another one.
    select
        task_id,
        province_code,
        updated_at::date as written_on,
        lead(updated_at::date) over (partition by task_id order by updated_at) as written_next_on
    from core.programme__task
),

task as (
    select
        newest.task_id,
        known.province_code,
        known.written_on,
        known.written_next_on,
        newest.deadline,
        newest.completed_on,
        -- What is published is a code, whatever was typed: never a person's name.
        'owner:'
        || coalesce(substring(newest.owner_agency from '^[a-z_]{2,40}$'), 'khac') as owner_member,
        'group:' || newest.group_code as group_member,
        'phase:' || newest.phase as phase_member
    from core.programme__task as newest
    inner join known on newest.task_id = known.task_id
    where newest._is_current
)

select
    'programme.tasks' as kpi_code,
    province_code,
    written_on,
    written_on as counts_from,
    written_next_on as counts_to,
    true as is_counted,
    array[owner_member, group_member, phase_member] as members,
    'programme.task' as dataset_code,
    task_id as record_key
from task
union all
select
    'programme.tasks_on_time' as kpi_code,
    province_code,
    written_on,
    greatest(written_on, deadline) as counts_from,
    written_next_on as counts_to,
    coalesce(completed_on <= deadline, false) as is_counted,
    array[owner_member] as members,
    'programme.task' as dataset_code,
    task_id as record_key
from task
where deadline is not null
