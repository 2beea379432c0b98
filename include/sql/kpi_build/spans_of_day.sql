-- Purpose:    what a KPI family counts on a day, before it is placed on boundaries: the spans that
--             hold the day. What kept_of_day.sql must say too; verify-kpis compares them.
-- Grain:      one row per KPI, place as written, members, era and number of first days of periods
--             reached.
-- Parameters: facts, the family's query; place, its column of the place; as_of, the day.
-- Reads:      the family's facts, reform, period_start (both of this build).
-- Writes:     nothing.
--
-- Part of count_rows.sql and count_rows_of_province.sql.
select
    fact.kpi_code,
    fact.{place} as place_code,
    fact.members,
    width_bucket(fact.written_on, (select reform.days from reform)) as era,
    -- How many of the first days of periods a thing has reached; none without a day.
    coalesce(
        width_bucket(fact.falls_on, (select period_start.days from period_start)), 0
    ) as reach,
    coalesce(sum(fact.thing_count) filter (where fact.is_counted), 0) as counted,
    sum(fact.thing_count) as considered
from ({facts}) as fact
where fact.counts_from <= :as_of and (fact.counts_to is null or fact.counts_to > :as_of)
group by fact.kpi_code, fact.{place}, fact.members, era, reach
