-- Purpose:    deadlines of correction cases that are near, and the earliest one that is over.
-- Grain:      one source and deadline; one row for all that are over.
-- Parameters: notice: working days before a deadline.
-- Reads:      ops.correction_spell, ops.calendar_day, ops.load.
-- Writes:     nothing.
select
    spell.source_code,
    spell.is_overdue,
    min(spell.due_on) as due_on
from ops.correction_spell as spell
inner join ops.calendar_day as due on spell.due_on = due.day
-- Deliveries up to this day are known; people read of it on the next.
inner join ops.calendar_day as today
    on today.day = (
        select max(load.day) + 1
        from ops.load
        where load.status = 'published'
    )
where
    spell.closed_on is null
    and (spell.is_overdue or due.working_no - today.working_no <= :notice)
group by
    spell.source_code, spell.is_overdue, case when not spell.is_overdue then spell.due_on end
order by spell.source_code asc, spell.is_overdue desc, due_on asc
