-- Purpose:    the way from the count of the national portal to the count of the province. The two
--             counts are taken by themselves, the differences from the list: what they do not
--             explain is a figure of its own, never left out.
-- Grain:      one period, procedure and figure.
-- Parameters: as_of.
-- Reads:      difference.
-- Writes:     nothing.
with national as (
    select * from core.portal_count_at(:as_of)
),

closed as (
    select distinct period_month from national
),

province as (
    select
        dossier.period_month,
        dossier.procedure_id,
        count(*) as dossier_count
    from core.portal_dossier_at(:as_of) as dossier
    inner join closed on dossier.period_month = closed.period_month
    where not dossier.is_deleted
    group by dossier.period_month, dossier.procedure_id
),

-- A dossier stands where the province has it, else where the national portal has it.
dossiers as (
    select
        kind as figure,
        coalesce(period_here, period_there) as period_month,
        case when period_here is null then procedure_there else procedure_here end
            as procedure_id,
        1 as dossiers,
        0 as effect
    from difference
),

effects as (
    select
        kind as figure,
        period_there as period_month,
        procedure_there as procedure_id,
        0 as dossiers,
        -1 as effect
    from difference
    where is_counted_there
    union all
    select
        kind as figure,
        period_here as period_month,
        procedure_here as procedure_id,
        0 as dossiers,
        1 as effect
    from difference
    where is_counted_here
),

explained as (
    select
        figure,
        period_month,
        procedure_id,
        sum(dossiers)::bigint as dossier_count,
        sum(effect)::bigint as effect
    from (
        select * from dossiers
        union all
        select * from effects
    ) as part
    group by figure, period_month, procedure_id
),

named as (
    select
        'national' as figure,
        period_month,
        procedure_id,
        dossier_count,
        dossier_count as effect
    from national
    union all
    select
        'province' as figure,
        period_month,
        procedure_id,
        dossier_count,
        -dossier_count as effect
    from province
    union all
    select
        explained.figure,
        explained.period_month,
        explained.procedure_id,
        explained.dossier_count,
        explained.effect
    from explained
    -- What belongs to a period that is not closed yet is reconciled when it is.
    inner join closed on explained.period_month = closed.period_month
)

select
    figure,
    period_month,
    procedure_id,
    dossier_count,
    effect
from named
union all
select
    'unexplained' as figure,
    period_month,
    procedure_id,
    abs(sum(effect))::bigint as dossier_count,
    -sum(effect)::bigint as effect
from named
group by period_month, procedure_id
having sum(effect) <> 0
order by period_month, procedure_id, figure
