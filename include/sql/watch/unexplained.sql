-- Purpose:    what the last reconciliation with the national portal leaves unexplained.
-- Grain:      the last day, when something is left.
-- Parameters: none.
-- Reads:      ops.portal_reconciliation_figure, ops.portal_reconciliation.
-- Writes:     nothing.
select
    day,
    count(*) as cells,
    sum(dossier_count) as dossiers
from ops.portal_reconciliation_figure
where
    figure = 'unexplained'
    and day = (select max(made.day) from ops.portal_reconciliation as made)
group by day
