-- Purpose:    builds of KPIs by state.
-- Grain:      one state, those without builds too.
-- Parameters: none.
-- Reads:      ops.kpi_build.
-- Writes:     nothing.
select
    listed.state,
    count(build.build_id) as value
from unnest(array['published', 'held', 'released', 'rejected', 'superseded']) as listed (state)
left join ops.kpi_build as build on listed.state = build.state
group by listed.state
order by listed.state
