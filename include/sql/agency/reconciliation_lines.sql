-- Purpose:    the lines of the agency's list of a reconciliation: which dossier differs, how, what
--             each side says of it, and what to do. Then what no difference explains, by cell.
-- Grain:      one line per difference; one per period and procedure with an unexplained remainder.
-- Parameters: none.
-- Reads:      difference, figure, difference_kind, mart.dim_procedure.
-- Writes:     nothing.
select
    wording.label_vi as kind,
    ops.spreadsheet_text(listed.dossier_code) as dossier_code,
    ops.spreadsheet_text(listed.entry_code) as entry_code,
    to_char(listed.period_there, 'MM/YYYY') as period_there,
    coalesce(there.name_vi, ops.spreadsheet_text(listed.procedure_there)) as procedure_there,
    listed.status_there,
    to_char(listed.recorded_at, 'DD/MM/YYYY HH24:MI:SS') as recorded_at,
    to_char(listed.period_here, 'MM/YYYY') as period_here,
    coalesce(here.name_vi, ops.spreadsheet_text(listed.procedure_here)) as procedure_here,
    listed.status_here,
    wording.reason_vi,
    wording.fix_vi,
    listed.dossiers,
    wording.reason_en,
    wording.fix_en
from (
    select
        difference.*, -- noqa: AM04
        1 as dossiers
    from difference
    union all
    select
        figure.figure as kind,
        null as dossier_code,
        null as entry_code,
        figure.period_month as period_there,
        figure.procedure_id as procedure_there,
        null as status_there,
        null as recorded_at,
        null as is_counted_there,
        null as period_here,
        null as procedure_here,
        null as status_here,
        null as is_counted_here,
        figure.dossier_count as dossiers
    from figure
    where figure.figure = 'unexplained'
) as listed
inner join difference_kind as wording on listed.kind = wording.kind
left join mart.dim_procedure as there on listed.procedure_there = there.procedure_id
left join mart.dim_procedure as here on listed.procedure_here = here.procedure_id
order by
    wording.position::integer, coalesce(listed.period_here, listed.period_there),
    coalesce(listed.procedure_here, listed.procedure_there), listed.dossier_code, listed.entry_code
