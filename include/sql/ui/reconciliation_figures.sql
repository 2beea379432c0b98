-- Purpose:    the figures of one reconciliation with the national portal, with names of procedures.
-- Grain:      one period, procedure and figure.
-- Parameters: day.
-- Reads:      ops.portal_reconciliation_figure, mart.dim_procedure.
-- Writes:     nothing.
select
    figure.period_month,
    figure.procedure_id,
    coalesce(known.name_vi, figure.procedure_id) as name_vi,
    coalesce(known.name_en, figure.procedure_id) as name_en,
    figure.figure,
    figure.dossier_count,
    figure.effect
from ops.portal_reconciliation_figure as figure
left join mart.dim_procedure as known on figure.procedure_id = known.procedure_id
where figure.day = :day
order by figure.period_month, known.position nulls last, figure.procedure_id, figure.figure
